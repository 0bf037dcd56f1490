using TorchSharp;
using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.SystemBackend;

public sealed class Memory : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void A_tensor_of_an_array_is_a_copy()
    {
        var array = new[] { 1f, 2f };
        using var copy = tensor(array);
        array[0] = 9;
        Assert.Equal(1f, copy[0].item<float>());
    }

    [Fact]
    public void From_array_and_from_buffer_share_the_arrays_memory()
    {
        var array = new byte[,] { { 1, 2 }, { 3, 4 } };
        var whole = from_array(array);
        array[1, 1] = 40;
        Assert.Equal([2L, 2L], whole.shape);
        Assert.Equal(40, whole[1, 1].item<byte>());

        var bytes = new byte[] { 1, 2, 3, 4, 5 };
        var part = frombuffer(bytes, uint8, count: 2, offset: 3);
        part.fill_(7);
        Assert.Equal([1, 2, 3, 7, 7], bytes);
    }

    [Fact]
    public void From_buffer_converts_by_copying_and_keeps_within_the_array()
    {
        var bytes = new byte[] { 1, 2 };
        var floats = frombuffer(bytes, float32);
        bytes[0] = 9;
        Assert.Equal([1f, 2f], floats.data<float>().ToArray());
        Assert.Throws<ArgumentException>(() => frombuffer(bytes, uint8, offset: 2));
        Assert.Throws<IndexOutOfRangeException>(() => frombuffer(bytes, uint8, count: 2, offset: 1));
    }

    [Fact]
    public void A_shared_array_stays_where_it_is_while_the_tensor_lives()
    {
        using var shared = frombuffer(new byte[1 << 10], uint8);
        shared.fill_(3);
        for (var i = 0; i < 3; i++) GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        Assert.Equal(3 << 10, shared.sum().ToInt64());
    }

    [Fact]
    public void Bytes_are_the_tensors_own_memory()
    {
        using var words = tensor(new short[] { 1, 256 });
        Assert.Equal([1, 0, 0, 1], words.bytes.ToArray());
        words.bytes[0] = 5;
        Assert.Equal(5, words[0].item<short>());
        words.bytes = new byte[] { 2, 0, 3, 0 };
        Assert.Equal([(short)2, (short)3], words.data<short>().ToArray());
    }

    [Fact]
    public void Bytes_ask_for_contiguous_memory_of_the_right_size()
    {
        var turned = arange(6).reshape(2, 3).t();
        Assert.Throws<InvalidOperationException>(() => turned.bytes.Length);
        Assert.Throws<ArgumentException>(() => zeros(2).bytes = new byte[7]);
    }

    [Fact]
    public void The_accessor_follows_the_strides()
    {
        var turned = arange(6).reshape(2, 3).t();
        var accessor = turned.data<long>();
        Assert.Equal(6, accessor.Count);
        Assert.Equal([0, 3, 1, 4, 2, 5], accessor.ToArray());
        Assert.Equal([0, 3, 1, 4, 2, 5], accessor);
        Assert.Equal(4, accessor[1, 1]);
        Assert.Equal(4, accessor[3]);
        Assert.Equal(new long[,] { { 0, 3 }, { 1, 4 }, { 2, 5 } }, accessor.ToNDArray());
        accessor[2, 1] = 50;
        Assert.Equal(50, turned[2, 1].item<long>());
    }

    [Fact]
    public void The_accessor_checks_type_and_place()
    {
        using var numbers = arange(3);
        Assert.Throws<ArgumentException>(() => numbers.data<int>());
        Assert.Throws<IndexOutOfRangeException>(() => numbers.data<long>()[3]);
        Assert.Throws<ArgumentException>(() => numbers.item<long>());
    }

    [Fact]
    public void A_disposed_accessor_leaves_the_tensor_alone()
    {
        using var numbers = arange(3);
        var accessor = numbers.data<long>();
        accessor.Dispose();
        Assert.Equal(0, accessor.Count);
        Assert.False(numbers.IsInvalid);
    }

    [Fact]
    public void The_storage_starts_before_a_view_of_it()
    {
        var view = arange(8)[3..5];
        var storage = view.storage<long>();
        Assert.Equal(3, view.storage_offset());
        Assert.Equal(8, storage.Count);
        Assert.Equal(64UL, storage.nbytes());
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], storage.ToArray());
        storage[3] = 33;
        Assert.Equal(33, view[0].item<long>());
    }

    [Fact]
    public void The_description_names_shape_type_and_device()
    {
        using var tensor = zeros(2, 3);
        Assert.Equal("[2x3], type = Float32, device = cpu", tensor.ToString());
    }
}
