using static TorchSharp.torch;

namespace FcnTraining;

/// <summary>Loads a trunk from a safetensors file with torchvision's ResNet-18 names.</summary>
internal static class PretrainedTrunk
{
    /// <exception cref="InvalidDataException">Names or shapes are not those of the trunk; the message names all of them.</exception>
    internal static void Load(ResNet18 trunk, string path)
    {
        var file = new SafetensorsFile(path);
        var wanted = trunk.state_dict();
        // The classifier is not part of the trunk; how many batches an average has seen, older files do not say.
        var given = file.Names.Where(name => !name.StartsWith("fc.", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        var problems = new List<string>();
        problems.AddRange(Named("missing", wanted.Keys.Where(name => !given.Contains(name) && !name.EndsWith(".num_batches_tracked", StringComparison.Ordinal))));
        problems.AddRange(Named("not of this network", given.Where(name => !wanted.ContainsKey(name))));
        problems.AddRange(Named("of another shape", given
            .Where(name => wanted.TryGetValue(name, out var tensor) && !tensor.shape.SequenceEqual(file.ShapeOf(name)))
            .Select(name => $"{name} ({string.Join(", ", file.ShapeOf(name))}) for ({string.Join(", ", wanted[name].shape)})")));
        var remedy = wanted["conv1.weight"].shape[0] == ResNet18.FullWidth ? "" : $" This trunk is not as wide; take --width {ResNet18.FullWidth}.";
        if (problems.Count > 0)
            throw new InvalidDataException($"{path} does not fit a ResNet-18 trunk: {string.Join("; ", problems)}.{remedy}");

        using var scope = NewDisposeScope();
        using var constant = no_grad();
        foreach (var name in given)
            wanted[name].copy_(file.Load(name));
    }

    private static IEnumerable<string> Named(string what, IEnumerable<string> names)
    {
        var all = string.Join(", ", names.Order(StringComparer.Ordinal));
        return all.Length > 0 ? [$"{what}: {all}"] : [];
    }
}
