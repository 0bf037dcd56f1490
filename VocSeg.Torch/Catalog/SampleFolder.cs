namespace VocSeg.Torch;

/// <summary>
/// The files of a folder of images or labels, listed once: that is quicker than asking for each file, on network drives
/// above all.
/// </summary>
internal sealed class SampleFolder
{
    internal static readonly string[] Endings = [".jpg", ".jpeg", ".png", ".webp", ".bmp"];

    private readonly string what;
    private readonly string usual;
    private readonly HashSet<string> names;
    private readonly Dictionary<string, List<string>> byStem = new(StringComparer.Ordinal);
    private readonly Lazy<ILookup<string, string>> byLikeness;

    private SampleFolder(string path, string what, string usual, IEnumerable<string> files)
    {
        Path = path;
        this.what = what;
        this.usual = usual;
        names = new(files, StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (StemOf(name) is not { } stem)
                continue;
            if (!byStem.TryGetValue(stem, out var same))
                byStem.Add(stem, same = []);
            same.Add(name);
        }
        byLikeness = new(() => names.ToLookup(
            name => NearestName.Likeness(System.IO.Path.GetFileNameWithoutExtension(name)), StringComparer.Ordinal));
    }

    internal string Path { get; }

    /// <param name="path">The folder.</param>
    /// <param name="what">What its files are: image or label.</param>
    /// <param name="usual">The ending that its files have by VOC's rules.</param>
    /// <param name="listFile">The list that names its files, for the message.</param>
    /// <exception cref="DatasetException">There is no such folder, or it may not be read.</exception>
    internal static SampleFolder Open(string path, string what, string usual, string listFile)
    {
        if (!Directory.Exists(path))
        {
            throw new DatasetException(
                DatasetFault.NotFound, path, $"there is no such folder; the {what}s of {listFile} should be in it.");
        }
        try
        {
            return new(path, what, usual, Directory.EnumerateFiles(path).Select(System.IO.Path.GetFileName)!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                RegularFile.KindOf(error), path,
                $"the folder of {what}s cannot be read: {error.Message} See to its permissions.", error);
        }
    }

    internal static bool HasEnding(string name) => StemOf(name) is not null;

    /// <summary>A file name without its ending; null where the ending is none of an image.</summary>
    internal static string? StemOf(string name)
    {
        foreach (var ending in Endings)
        {
            if (name.Length > ending.Length && name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                return name[..^ending.Length];
        }
        return null;
    }

    /// <summary>Whether there is a file for an id, by whatever ending.</summary>
    internal bool Has(string id) => names.Contains(id + usual) || byStem.ContainsKey(id);

    /// <summary>The file of an id: the one with the usual ending, or the only one with another.</summary>
    /// <exception cref="DatasetException">There is none, or there are several.</exception>
    internal string Find(string id)
    {
        if (names.Contains(id + usual))
            return System.IO.Path.Combine(Path, id + usual);
        if (!byStem.TryGetValue(id, out var candidates))
            throw Missing(id);
        if (candidates.Count > 1)
        {
            var both = string.Join(" and ", candidates.Order(StringComparer.Ordinal));
            throw new DatasetException(
                DatasetFault.List, Path,
                $"'{id}' has more than one {what} here: {both}; keep one of them.", sampleId: id);
        }
        return System.IO.Path.Combine(Path, candidates[0]);
    }

    private DatasetException Missing(string id)
    {
        var like = byLikeness.Value[NearestName.Likeness(id)].Order(StringComparer.Ordinal).FirstOrDefault();
        var hint = like is null
            ? ""
            : $"; there is '{like}', {NearestName.Difference(id, System.IO.Path.GetFileNameWithoutExtension(like))}";
        return new(
            DatasetFault.NotFound, System.IO.Path.Combine(Path, id + usual),
            $"'{id}' has no {what} here{hint}.", sampleId: id);
    }
}
