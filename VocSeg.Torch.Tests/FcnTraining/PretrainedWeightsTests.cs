using System.IO.Compression;
using System.Text;
using FcnTraining;
using TorchSharp;
using TorchSharp.PyBridge;
using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.FcnTraining;

public sealed class PretrainedWeightsTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly TempFolder folder = new();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData("weights.safetensors", true)]
    [InlineData("weights.safetensors", false)]
    [InlineData("resnet18-f37072fd.pth", true)]
    [InlineData("resnet18-5c106cde.pth", false)]
    public void A_trunk_takes_its_weights_and_not_the_classifier(string name, bool tracked)
    {
        using var source = new ResNet18(width: 4);
        var weights = source.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value + 1);
        Save(folder[name], [
            .. weights.Where(entry => tracked || !IsTracked(entry.Key)).Select(entry => (entry.Key, entry.Value)),
            ("fc.weight", rand(10, 32)), ("fc.bias", rand(10))]);
        using var trunk = new ResNet18(width: 4);
        trunk.LoadPretrained(folder[name]);
        foreach (var (key, value) in weights.Where(entry => tracked || !IsTracked(entry.Key)))
            Assert.True(trunk.state_dict()[key].Equals(value), key);
    }

    [Theory]
    [InlineData("weights.safetensors")]
    [InlineData("weights.pth")]
    public void Half_precision_becomes_float32(string name)
    {
        using var source = new ResNet18(width: 4);
        Save(folder[name], source.state_dict().Select(entry => (entry.Key, entry.Value.to(ScalarType.Float16))));
        using var trunk = new ResNet18(width: 4);
        trunk.LoadPretrained(folder[name]);
        var (expected, actual) = (source.state_dict()["conv1.weight"], trunk.state_dict()["conv1.weight"]);
        Assert.Equal(ScalarType.Float32, actual.dtype);
        Assert.True(actual.Equals(expected.to(ScalarType.Float16).to(ScalarType.Float32)));
    }

    [Theory]
    [InlineData("weights.safetensors")]
    [InlineData("weights.pth")]
    public void Everything_that_does_not_fit_is_named_at_once(string name)
    {
        using var trunk = new ResNet18(width: 4);
        var state = trunk.state_dict();
        var before = state["bn1.weight"].clone();
        // Shapes with as many elements count too: bytes alone would fit.
        Tensor Changed(string key, Tensor value) => key switch
        {
            "layer1.0.bn1.weight" => rand(5),
            "conv1.weight" => rand(3, 4, 7, 7),
            _ => value + 1,
        };
        var changed = state.Where(entry => entry.Key != "layer4.1.bn2.bias")
            .Select(entry => (entry.Key, Changed(entry.Key, entry.Value)));
        Save(folder[name], [.. changed, ("layer5.weight", rand(1))]);
        var message = Assert.Throws<InvalidDataException>(() => trunk.LoadPretrained(folder[name])).Message;
        Assert.StartsWith($"{folder[name]} does not fit", message, StringComparison.Ordinal);
        string[] missing = ["conv1.weight (4, 3, 7, 7)", "layer1.0.bn1.weight (4)", "layer4.1.bn2.bias (32)"];
        string[] others = ["conv1.weight (3, 4, 7, 7)", "layer1.0.bn1.weight (5)"];
        Assert.All(missing, name => Assert.Contains($"{name} is missing", message, StringComparison.Ordinal));
        Assert.All(others, name => Assert.Contains($"{name} is not of this", message, StringComparison.Ordinal));
        Assert.Contains("1 more", message, StringComparison.Ordinal);
        Assert.Contains("--width 64", message, StringComparison.Ordinal);
        Assert.True(trunk.state_dict()["bn1.weight"].Equals(before));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-80,-72]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"Q4","shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":7}""")]
    [InlineData("[]")]
    [InlineData("no json")]
    public void A_broken_safetensors_header_is_refused(string header)
    {
        SafetensorsFile.Write(folder["weights.safetensors"], header, new byte[8]);
        RequireUnreadable(folder["weights.safetensors"]);
    }

    [Theory]
    [InlineData("weights.safetensors", new byte[] { 1, 2, 3 })]
    [InlineData("weights.safetensors", new byte[] { 200, 0, 0, 0, 0, 0, 0, 0, 1 })]
    [InlineData("weights.safetensors", new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 1 })]
    [InlineData("weights.pth", new byte[] { })]
    [InlineData("weights.pth", new byte[] { 1, 2, 3 })]
    // The format before PyTorch 1.6: a pickle without an archive around it.
    [InlineData("weights.pth", new byte[] { 128, 2, 138, 10, 108, 252, 156, 70, 249, 32, 106, 168, 80, 25, 46 })]
    [InlineData("weights.pth", new byte[] { 0x50, 0x4B, 3, 4, 0, 0, 0, 0 })]
    public void A_file_of_another_kind_is_refused(string name, byte[] bytes)
    {
        File.WriteAllBytes(folder[name], bytes);
        RequireUnreadable(folder[name]);
    }

    [Theory]
    [InlineData("weights.safetensors")]
    [InlineData("weights.pth")]
    public void A_file_that_is_cut_short_is_refused(string name)
    {
        using var source = new ResNet18(width: 4);
        Save(folder[name], source.state_dict().Select(entry => (entry.Key, entry.Value)));
        var whole = File.ReadAllBytes(folder[name]);
        foreach (var length in new[] { 10, 5000, whole.Length / 2, whole.Length - 1 })
        {
            File.WriteAllBytes(folder[name], whole[..length]);
            RequireUnreadable(folder[name]);
        }
    }

    [Theory]
    // A whole model instead of its state, a training's checkpoint, what calls a function of the system, another state.
    [InlineData("ctorch.nn\nModule\n(S'x'\ntR.")]
    [InlineData("(S'epoch'\nI3\nd.")]
    [InlineData("cposix\nsystem\n(S'touch {0}'\ntR.")]
    [InlineData("c__builtin__\neval\n(S'open(\"{0}\", \"w\")'\ntR.")]
    [InlineData("cSystem.Diagnostics\nProcess\n(S'{0}'\ntR.")]
    [InlineData("ccollections\nOrderedDict\n(tR(S'a'\ncsubprocess\nPopen\n(S'touch {0}'\ntRsb.")]
    [InlineData("N.")]
    [InlineData("Nb.")]
    public void A_pickle_of_anything_but_tensors_is_refused_and_runs_nothing(string pickle)
    {
        var (path, trace) = (folder["weights.pth"], folder["trace"]);
        using (var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create))
        using (var entry = archive.CreateEntry("archive/data.pkl").Open())
            entry.Write(Encoding.ASCII.GetBytes(pickle.Replace("{0}", trace, StringComparison.Ordinal)));
        RequireUnreadable(path);
        Assert.False(File.Exists(trace));
    }

    private static bool IsTracked(string key) => key.EndsWith("num_batches_tracked", StringComparison.Ordinal);

    private static void Save(string path, IEnumerable<(string Name, Tensor Value)> weights)
    {
        if (path.EndsWith(".safetensors", StringComparison.Ordinal))
            SafetensorsFile.Write(path, weights);
        else
            PyTorchPickler.PickleStateDict(path, weights.ToDictionary(entry => entry.Name, entry => entry.Value));
    }

    private static void RequireUnreadable(string path)
    {
        using var trunk = new ResNet18(width: 4);
        var error = Assert.Throws<InvalidDataException>(() => trunk.LoadPretrained(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("save a state_dict()", error.Message, StringComparison.Ordinal);
    }
}
