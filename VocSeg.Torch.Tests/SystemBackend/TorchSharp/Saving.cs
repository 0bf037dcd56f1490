using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.SystemBackend;

public sealed class Saving : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly TempFolder folder = new();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    private static Sequential Net(long width = 3) => nn.Sequential(("a", nn.Linear(2, width)), ("b", nn.BatchNorm2d(width)));

    // Type 6, two dimensions, 1 and 200 = 0x48 + 128, then the floats; numbers have seven bits a byte.
    [Fact]
    public void A_tensor_is_saved_as_type_shape_and_bytes()
    {
        using var stream = new MemoryStream();
        zeros(1, 200).Save(stream);
        var bytes = stream.ToArray();
        Assert.Equal([6, 2, 1, 0xC8, 0x01], bytes[..5]);
        Assert.Equal(5 + 800, bytes.Length);
    }

    [Theory]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Bool)]
    public void A_tensor_comes_back(ScalarType type)
    {
        var tensor = (arange(3000) % 2).reshape(3, 1000).to(type);
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true)) tensor.Save(writer);
        stream.Position = 0;
        var read = Tensor.Load(stream);
        Assert.Equal(type, read.dtype);
        Assert.True(read.Equals(tensor));
    }

    [Fact]
    public void Libtorchs_archive_comes_back()
    {
        var tensor = rand(4, 5);
        save(tensor, folder["tensor.pt"]);
        Assert.True(load(folder["tensor.pt"]).Equals(tensor));
        Assert.Equal((byte)'P', File.ReadAllBytes(folder["tensor.pt"])[0]);
    }

    [Fact]
    public void A_module_comes_back_with_its_buffers()
    {
        using var saved = Net();
        ((BatchNorm2d)saved[1]).running_mean!.fill_(5);
        saved.save(folder["net.dat"]);
        using var loaded = Net();
        loaded.load(folder["net.dat"]);
        foreach (var (name, tensor) in saved.state_dict()) Assert.True(tensor.Equals(loaded.state_dict()[name]), name);
        Assert.Equal(5f, loaded.get_buffer("b.running_mean")?[0].item<float>() ?? ((BatchNorm2d)loaded[1]).running_mean![0].item<float>());
    }

    [Fact]
    public void Another_shape_or_name_is_refused()
    {
        using var saved = Net();
        saved.save(folder["net.dat"]);
        using var wider = Net(4);
        Assert.Throws<ArgumentException>(() => wider.load(folder["net.dat"]));
        using var smaller = nn.Sequential(("a", nn.Linear(2, 3)));
        Assert.Throws<ArgumentException>(() => smaller.load(folder["net.dat"]));
        Assert.Throws<FileNotFoundException>(() => smaller.load(folder["nothing.dat"]));
    }

    [Fact]
    public void A_looser_load_takes_what_fits_and_says_what_it_found()
    {
        using var saved = Net();
        saved.save(folder["net.dat"]);
        using var part = nn.Sequential(("a", nn.Linear(2, 3)));
        var found = new Dictionary<string, bool>(StringComparer.Ordinal);
        part.load(folder["net.dat"], strict: false, skip: ["a.bias"], loadedParameters: found);
        Assert.True(part.state_dict()["a.weight"].Equals(saved.state_dict()["a.weight"]));
        Assert.False(part.state_dict()["a.bias"].Equals(saved.state_dict()["a.bias"]));
        Assert.True(found["a.weight"]);
        Assert.False(found["b.running_var"]);
    }

    [Fact]
    public void A_state_dictionary_is_strict_unless_told_otherwise()
    {
        using var net = Net();
        var state = net.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone() + 1, StringComparer.Ordinal);
        state.Remove("a.bias");
        state["other"] = ones(1);
        Assert.Throws<InvalidOperationException>(() => net.load_state_dict(state));
        var (missing, unexpected) = net.load_state_dict(state, strict: false);
        Assert.Equal(["a.bias"], missing);
        Assert.Equal(["other"], unexpected);
        Assert.True(net.state_dict()["a.weight"].Equals(state["a.weight"]));
    }
}
