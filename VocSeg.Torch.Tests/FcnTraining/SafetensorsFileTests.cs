using FcnTraining;
using TorchSharp;
using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.FcnTraining;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly TempFolder folder = new();

    private string Path => folder["weights.safetensors"];

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Tensors_come_back()
    {
        var (floats, numbers, halves) = (rand(2, 3), arange(4), rand(5).to(ScalarType.Float16));
        Safetensors.Write(Path, [("a", floats), ("b", numbers), ("c", halves), ("scalar", tensor(7L))]);
        var file = new SafetensorsFile(Path);
        Assert.Equal(["a", "b", "c", "scalar"], file.Names);
        Assert.Equal([2, 3], file.ShapeOf("a"));
        Assert.True(file.Load("a").Equals(floats));
        Assert.True(file.Load("b").Equals(numbers));
        Assert.True(file.Load("c").Equals(halves));
        Assert.Equal(7, file.Load("scalar").item<long>());
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}}""", "a lies outside the file")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", "a lies outside the file")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "a lies outside the file")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "its shape (3)")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", "not a sound")]
    [InlineData("""{"a":{"dtype":"Q4","shape":[2],"data_offsets":[0,8]}}""", "type Q4")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", "not a sound")]
    [InlineData("""{"a":7}""", "not a sound")]
    [InlineData("[]", "not a sound")]
    [InlineData("no json", "not a sound")]
    public void A_broken_header_is_named(string header, string named)
    {
        Safetensors.Write(Path, header, new byte[8]);
        var error = Assert.Throws<InvalidDataException>(() => new SafetensorsFile(Path));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains(Path, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[] { 200, 0, 0, 0, 0, 0, 0, 0, 1 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 1 })]
    public void A_header_that_the_file_cannot_hold_is_refused(byte[] bytes)
    {
        File.WriteAllBytes(Path, bytes);
        Assert.Throws<InvalidDataException>(() => new SafetensorsFile(Path));
    }

    [Fact]
    public void A_trunk_takes_its_weights_and_not_the_classifier()
    {
        using var source = new ResNet18(width: 4);
        var tensors = source.state_dict().Select(entry => (entry.Key, entry.Value + 1)).ToList();
        Safetensors.Write(Path, [.. tensors.Where(entry => !entry.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)), ("fc.weight", rand(10, 32)), ("fc.bias", rand(10))]);
        using var trunk = new ResNet18(width: 4);
        PretrainedTrunk.Load(trunk, Path);
        foreach (var (name, value) in tensors.Where(entry => !entry.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)))
            Assert.True(trunk.state_dict()[name].Equals(value), name);
    }

    [Fact]
    public void Everything_that_does_not_fit_is_named_at_once()
    {
        using var trunk = new ResNet18(width: 4);
        var state = trunk.state_dict();
        var before = state["bn1.weight"].clone();
        var tensors = state.Where(entry => entry.Key is not ("conv1.weight" or "layer4.1.bn2.bias"))
            .Select(entry => (entry.Key, entry.Key == "layer1.0.bn1.weight" ? rand(5) : entry.Value + 1));
        Safetensors.Write(Path, [.. tensors, ("layer5.weight", rand(1))]);
        var message = Assert.Throws<InvalidDataException>(() => PretrainedTrunk.Load(trunk, Path)).Message;
        Assert.Contains("missing: conv1.weight, layer4.1.bn2.bias;", message, StringComparison.Ordinal);
        Assert.Contains("not of this network: layer5.weight;", message, StringComparison.Ordinal);
        Assert.Contains("of another shape: layer1.0.bn1.weight (5) for (4)", message, StringComparison.Ordinal);
        Assert.Contains("take --width 64", message, StringComparison.Ordinal);
        Assert.True(trunk.state_dict()["bn1.weight"].Equals(before));
    }
}
