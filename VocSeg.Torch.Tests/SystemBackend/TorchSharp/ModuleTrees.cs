using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.SystemBackend;

public sealed class ModuleTrees : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    private sealed class Net : nn.Module<Tensor, Tensor>
    {
        private readonly Sequential trunk = nn.Sequential(("first", nn.Linear(2, 3)), ("act", nn.ReLU()), ("norm", nn.Identity()));
        private readonly Linear head = nn.Linear(3, 1, hasBias: false);
        private readonly ModuleList<nn.Module<Tensor, Tensor>> extra = new(nn.Linear(1, 1), nn.Identity());
        private readonly Tensor scale = ones(1).DetachFromDisposeScope();

        internal Net() : base(nameof(Net))
        {
            RegisterComponents();
            register_buffer("passing", zeros(1).DetachFromDisposeScope(), persistent: false);
        }

        public override Tensor forward(Tensor input)
        {
            using var hidden = trunk.call(input);
            return head.call(hidden);
        }

        internal Tensor Scale => scale;

        internal int Extras => extra.Count;
    }

    [Fact]
    public void Fields_are_found_by_their_names()
    {
        using var net = new Net();
        string[] parameters = ["trunk.first.weight", "trunk.first.bias", "head.weight", "extra.0.weight", "extra.0.bias"];
        Assert.Equal(parameters, net.named_parameters().Select(p => p.name));
        Assert.Equal([.. parameters, "scale"], net.state_dict().Keys);
        Assert.Equal(["trunk", "head", "extra"], net.named_children().Select(m => m.name));
        Assert.Contains("trunk.act", net.named_modules().Select(m => m.name));
        Assert.True(net.has_buffer("passing"));
        Assert.DoesNotContain("passing", net.named_buffers().Select(b => b.name));
        Assert.Same(net.Scale, net.get_buffer("scale"));
        Assert.True(net.has_parameter("extra.0.bias"));
        Assert.Null(net.get_parameter("extra.2.bias"));
        Assert.Equal(2, net.Extras);
    }

    [Fact]
    public void A_tensor_in_two_places_is_named_once()
    {
        using var linear = nn.Linear(1, 1);
        using var twice = nn.Sequential(linear, linear);
        Assert.Equal(["0.weight", "0.bias"], twice.named_parameters().Select(p => p.name));
    }

    [Fact]
    public void Training_and_evaluation_reach_every_module()
    {
        using var net = new Net();
        Assert.True(net.training);
        net.eval();
        Assert.All(net.modules(), module => Assert.False(module.training));
        net.train();
        Assert.All(net.modules(), module => Assert.True(module.training));
    }

    [Fact]
    public void A_change_of_type_replaces_parameters_and_buffers_in_their_fields()
    {
        using var net = new Net();
        var before = net.get_parameter("head.weight")!;
        var bias = net.get_parameter("trunk.first.bias")!;
        bias.grad = ones(3);
        Assert.Same(net, net.to(ScalarType.Float64));
        Assert.True(before.IsInvalid);
        Assert.All(net.state_dict().Values, tensor => Assert.Equal(ScalarType.Float64, tensor.dtype));
        Assert.Same(net.Scale, net.get_buffer("scale"));
        Assert.Equal(ScalarType.Float64, net.get_parameter("trunk.first.bias")!.grad!.dtype);
        using var output = net.call(zeros(1, 2, float64));
        Assert.Equal(ScalarType.Float64, output.dtype);
        Assert.Throws<ArgumentException>(() => net.to(ScalarType.Int64));
    }

    [Fact]
    public void Clearing_gradients_drops_or_zeroes_them()
    {
        using var net = new Net();
        net.call(ones(1, 2)).sum().backward();
        net.zero_grad(set_to_none: false);
        Assert.Equal(0, net.get_parameter("head.weight")!.grad!.abs().sum().ToDouble());
        net.zero_grad();
        Assert.Null(net.get_parameter("head.weight")!.grad);
    }

    [Fact]
    public void Modules_of_a_scope_outlive_it()
    {
        Net net;
        using (NewDisposeScope()) net = new Net();
        using (net) Assert.All(net.parameters(), parameter => Assert.False(parameter.IsInvalid));
        Assert.All(net.parameters(), parameter => Assert.True(parameter.IsInvalid));
    }

    [Fact]
    public void Hooks_see_input_and_output_until_removed()
    {
        using var identity = nn.Identity();
        var before = identity.register_forward_pre_hook((_, input) => input + 1);
        var after = identity.register_forward_hook((_, _, output) => output * 10);
        Assert.Equal(20f, identity.call(ones(1)).item<float>());
        before.remove();
        after.remove();
        Assert.Equal(1f, identity.call(ones(1)).item<float>());
    }

    [Fact]
    public void A_name_stands_once_and_without_dots()
    {
        using var net = new Net();
        using var other = nn.Linear(1, 1);
        Assert.Throws<InvalidOperationException>(() => net.register_module("head", other));
        Assert.Throws<ArgumentException>(() => net.register_module("a.b", other));
        Assert.Throws<ArgumentNullException>(() => net.register_buffer("nothing", null!));
    }

    [Fact]
    public void A_sequence_disposes_what_passes_between_its_steps()
    {
        Tensor? between = null;
        using var first = nn.Identity();
        using var second = nn.Identity();
        second.register_forward_pre_hook((_, input) => between = input);
        using var sequence = nn.Sequential(first, second);
        var input = ones(1);
        var output = sequence.call(input);
        Assert.True(between!.IsInvalid);
        Assert.False(input.IsInvalid);
        Assert.Equal(1f, output.item<float>());
    }
}
