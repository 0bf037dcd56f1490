using TorchSharp;
using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.SystemBackend;

public sealed class Moving : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Nothing_to_change_gives_a_new_handle_on_the_same_memory()
    {
        var source = zeros(2);
        foreach (var moved in new[] { source.to(float32), source.to(CPU), source.cpu(), source.to("cpu"), source.@float(), source.contiguous() })
        {
            Assert.NotSame(source, moved);
            moved.add_(1);
        }
        Assert.Equal([6f, 6f], source.data<float>().ToArray());
    }

    [Fact]
    public void A_copy_is_made_when_asked_or_needed()
    {
        var source = zeros(2);
        source.to(CPU, copy: true).add_(1);
        source.to(float64).add_(1);
        source.clone().add_(1);
        Assert.Equal(0, source.sum().ToDouble());
    }

    [Fact]
    public void The_source_can_be_disposed_on_the_way()
    {
        var source = ones(2);
        var moved = source.to(int64, disposeAfter: true);
        Assert.True(source.IsInvalid);
        Assert.Equal([1L, 1L], moved.data<long>().ToArray());
    }

    [Fact]
    public void The_source_can_be_disposed_even_where_memory_is_shared()
    {
        var moved = ones(2).to(CPU, disposeAfter: true);
        Assert.Equal(2, moved.sum().ToDouble());
    }

    // The flag goes where `copy` stands; this is the packages' own mistake, and callers must know of it.
    [Fact]
    public void Like_another_tensor_the_flag_means_copy()
    {
        var (source, like) = (zeros(1), zeros(1));
        source.to(like, non_blocking: true).add_(1);
        Assert.Equal(0, source.item<float>());
        source.to(like).add_(1);
        Assert.Equal(1, source.item<float>());
    }

    [Fact]
    public void In_place_operations_give_the_tensor_itself_but_for_zero()
    {
        var tensor = ones(2);
        Assert.Same(tensor, tensor.mul_(3));
        Assert.Same(tensor, tensor.fill_(4));
        Assert.Same(tensor, tensor.copy_(ones(2)));
        Assert.Same(tensor, tensor.uniform_(0, 1));
        Assert.NotSame(tensor, tensor.zero_());
        Assert.Equal(0, tensor.sum().ToDouble());
    }

    [Theory]
    [InlineData("cpu", DeviceType.CPU, -1, "cpu")]
    [InlineData("cuda", DeviceType.CUDA, -1, "cuda")]
    [InlineData("cuda:1", DeviceType.CUDA, 1, "cuda:1")]
    public void Devices_are_named_by_type_and_index(string text, DeviceType type, int index, string name)
    {
        Device device = text;
        Assert.Equal((type, index, name), (device.type, device.index, device.ToString()));
    }

    [Fact]
    public void An_unknown_device_is_an_argument_error() => Assert.Throws<ArgumentException>(() => new Device("abacus"));

    [Fact]
    public void Without_CUDA_its_use_is_refused()
    {
        Assert.SkipWhen(cuda.is_available(), "this machine has CUDA");
        using var tensor = zeros(1);
        Assert.Equal(0, cuda.device_count());
        Assert.Throws<InvalidOperationException>(() => tensor.cuda());
        Assert.Throws<InvalidOperationException>(() => tensor.to("cuda:0"));
        Assert.Throws<InvalidOperationException>(() => zeros(1, device: "cuda"));
        Assert.False(tensor.is_pinned());
    }

    [Fact]
    [Trait("needs", "cuda")]
    public void With_CUDA_data_goes_there_and_back()
    {
        Assert.SkipUnless(cuda.is_available(), "no CUDA on this machine");
        var pinned = arange(1000).pin_memory();
        Assert.True(pinned.is_pinned());
        var there = pinned.to(CUDA, non_blocking: true);
        Assert.Equal(DeviceType.CUDA, there.device_type);
        Assert.Equal(0, there.device_index);
        cuda.synchronize();
        Assert.Equal(999 * 500, there.sum().ToInt64());
        Assert.Equal(7, there.data<long>()[7]);
        Assert.Throws<InvalidOperationException>(() => there.bytes.Length);
    }
}
