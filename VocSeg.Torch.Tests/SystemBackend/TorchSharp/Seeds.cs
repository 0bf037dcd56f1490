using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.SystemBackend;

[Collection(LiveTensors.Name)]
public sealed class Seeds
{
    // PyTorch's well-known first numbers of torch.rand after torch.manual_seed(0).
    [Fact]
    public void Seed_zero_gives_PyTorchs_numbers()
    {
        using var scope = NewDisposeScope();
        manual_seed(0);
        Assert.Equal([0.4963f, 0.7682f, 0.0885f], rand(3).data<float>().Select(value => MathF.Round(value, 4)));
    }

    [Fact]
    public void The_same_seed_gives_the_same_numbers()
    {
        using var scope = NewDisposeScope();
        Tensor[] Draw()
        {
            manual_seed(7);
            return [rand(5), randn(5), randint(100, new[] { 5L }), randperm(5), zeros(5).uniform_(0, 1), full(5, 0.5).bernoulli()];
        }
        var (first, second) = (Draw(), Draw());
        Assert.All(first.Zip(second), pair => Assert.True(pair.First.Equals(pair.Second)));
        manual_seed(8);
        Assert.False(first[0].Equals(rand(5)));
    }

    [Fact]
    public void A_generator_is_independent_of_the_default_one()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        manual_seed(1);
        var expected = rand(4);
        manual_seed(1);
        var own = rand(4, generator: generator);
        Assert.True(expected.Equals(rand(4)));
        Assert.False(expected.Equals(own));
        Assert.True(own.Equals(rand(4, generator: generator.manual_seed(3))));
        Assert.Equal(3, generator.initial_seed());
    }

    [Fact]
    public void A_state_can_be_put_back()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        _ = randperm(10, generator: generator);
        var state = generator.get_state();
        var next = randperm(10, generator: generator);
        generator.set_state(state);
        Assert.True(next.Equals(randperm(10, generator: generator)));

        var global = get_rng_state();
        var number = rand(1);
        set_rng_state(global);
        Assert.True(number.Equals(rand(1)));
    }

    [Fact]
    public void A_permutation_holds_every_number_once()
    {
        using var order = randperm(50);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), order.data<long>().Order());
    }

    [Fact]
    public void Random_integers_must_fit_their_type()
        => Assert.Throws<ArgumentOutOfRangeException>(() => randint(0, 257, new[] { 1L }, uint8));
}
