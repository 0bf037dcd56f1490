using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.SystemBackend;

public sealed class Promotion
{
    [Theory]
    [InlineData(ScalarType.Byte, ScalarType.Int64, ScalarType.Int64)]
    [InlineData(ScalarType.Byte, ScalarType.Int8, ScalarType.Int16)]
    [InlineData(ScalarType.Bool, ScalarType.Byte, ScalarType.Byte)]
    [InlineData(ScalarType.Int64, ScalarType.Float32, ScalarType.Float32)]
    [InlineData(ScalarType.Float32, ScalarType.Float64, ScalarType.Float64)]
    [InlineData(ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32)]
    public void Two_tensors_meet_in_the_wider_type(ScalarType left, ScalarType right, ScalarType expected)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected, (ones(2, left) + ones(2, right)).dtype);
        Assert.Equal(expected, promote_types(left, right));
        Assert.Equal(expected, result_type(ones(2, left), ones(2, right)));
    }

    [Fact]
    public void A_number_changes_the_kind_of_a_tensor_but_not_its_width()
    {
        using var scope = NewDisposeScope();
        var bytes = tensor(new byte[] { 1, 2 });
        Assert.Equal(ScalarType.Byte, (bytes + 1).dtype);
        Assert.Equal(ScalarType.Byte, (bytes * 1000L).dtype);
        Assert.Equal(ScalarType.Float32, (bytes * 0.5).dtype);
        Assert.Equal(ScalarType.Float16, (ones(1, float16) * 2.0).dtype);
    }

    [Fact]
    public void Dividing_integers_gives_fractions_unless_it_rounds()
    {
        using var scope = NewDisposeScope();
        var numbers = tensor(new[] { -7L, 7L });
        Assert.Equal([-3.5f, 3.5f], numbers.div(2).data<float>().ToArray());
        Assert.Equal([-4L, 3L], numbers.div(2, RoundingMode.floor).data<long>().ToArray());
        Assert.Equal([-3L, 3L], numbers.div(2, RoundingMode.trunc).data<long>().ToArray());
        Assert.Equal([1L, 1L], (numbers % 2).data<long>().ToArray());
        Assert.Equal([-1L, 1L], numbers.fmod(2).data<long>().ToArray());
    }

    [Fact]
    public void In_place_arithmetic_keeps_the_type_and_wraps_bytes()
    {
        using var scope = NewDisposeScope();
        var bytes = tensor(new byte[] { 250, 3 });
        Assert.Same(bytes, bytes.add_(10));
        Assert.Equal([(byte)4, (byte)13], bytes.data<byte>().ToArray());
        Assert.ThrowsAny<Exception>(() => bytes.add_(0.5));
    }

    [Fact]
    public void Sums_of_small_integers_are_long()
    {
        using var scope = NewDisposeScope();
        var bytes = ones(300, uint8);
        Assert.Equal(300L, bytes.sum().item<long>());
        Assert.Equal(300.0, bytes.sum(ScalarType.Float64).item<double>());
        Assert.Equal(ScalarType.Int64, (bytes == 1).sum().dtype);
    }

    [Fact]
    public void Comparisons_give_booleans()
    {
        using var scope = NewDisposeScope();
        var numbers = tensor(new[] { 1, 2, 3 });
        Assert.Equal([false, true, true], (numbers >= 2).data<bool>().ToArray());
        Assert.Equal([true, false, false], (~(numbers > 1)).data<bool>().ToArray());
        Assert.Equal([false, true, false], ((numbers > 1) & (numbers != 3)).data<bool>().ToArray());
    }

    [Fact]
    public void Factories_take_the_type_of_what_they_are_given()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(ScalarType.Float32, zeros(1).dtype);
        Assert.Equal(ScalarType.Int64, arange(3).dtype);
        Assert.Equal(ScalarType.Float32, arange(0, 1, 0.5).dtype);
        Assert.Equal(ScalarType.Int64, full(1, 7).dtype);
        Assert.Equal(ScalarType.Float32, full(1, 7.0).dtype);
        Assert.Equal(ScalarType.Int32, tensor(new[] { 1 }).dtype);
        Assert.Equal(ScalarType.Float64, tensor(1.0).dtype);
        Assert.Equal(ScalarType.Float32, tensor(1f).dtype);
        Assert.Equal(ScalarType.Int64, randint(5, new[] { 2L }).dtype);
        Assert.Equal(ScalarType.Byte, randint(256, new[] { 2L }, uint8).dtype);
    }
}
