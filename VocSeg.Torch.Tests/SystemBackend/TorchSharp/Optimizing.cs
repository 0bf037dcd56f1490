using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.SystemBackend;

public sealed class Optimizing : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly TempFolder folder = new();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    private static Parameter Start(double value) => nn.Parameter(tensor(new[] { value }));

    private static double Value(Parameter parameter) => parameter.data<double>()[0];

    private static void Step(optim.Optimizer optimizer, Parameter parameter, double gradient)
    {
        using var given = tensor(new[] { gradient });
        parameter.grad = given;
        optimizer.step();
    }

    [Fact]
    public void Plain_descent_goes_against_the_gradient()
    {
        var x = Start(1);
        using var sgd = optim.SGD([x], 0.1, weight_decay: 0.5);
        Step(sgd, x, 2);
        Assert.Equal(1 - 0.1 * (2 + 0.5 * 1), Value(x), 1e-12);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Momentum_remembers_earlier_gradients(bool nesterov)
    {
        var x = Start(0);
        using var sgd = optim.SGD([x], 0.1, momentum: 0.9, nesterov: nesterov);
        var (expected, buffer) = (0.0, 0.0);
        for (var i = 0; i < 3; i++)
        {
            var gradient = i + 1.0;
            buffer = i == 0 ? gradient : 0.9 * buffer + gradient;
            expected -= 0.1 * (nesterov ? gradient + 0.9 * buffer : buffer);
            Step(sgd, x, gradient);
        }
        Assert.Equal(expected, Value(x), 1e-12);
    }

    [Fact]
    public void Parameters_without_gradient_stay()
    {
        var (x, y) = (Start(1), Start(1));
        using var sgd = optim.SGD([x, y], 1);
        Step(sgd, x, 1);
        Assert.Equal((0.0, 1.0), (Value(x), Value(y)));
        sgd.zero_grad();
        Assert.Equal(0, x.grad!.item<double>());
    }

    [Fact]
    public void Groups_have_their_own_rates()
    {
        var (x, y) = (Start(0), Start(0));
        using var sgd = optim.SGD([new SGD.ParamGroup([x], new SGD.Options()), new SGD.ParamGroup([y], lr: 2.0)], 1.0);
        using var given = tensor(new[] { 1.0 });
        x.grad = given;
        y.grad = given;
        sgd.step();
        Assert.Equal((-1.0, -2.0), (Value(x), Value(y)));
        Assert.Equal([1.0, 2.0], sgd.ParamGroups.Select(group => group.LearningRate));
    }

    [Fact]
    public void Training_finds_the_line()
    {
        manual_seed(0);
        using var line = nn.Linear(1, 1);
        using var sgd = optim.SGD(line.parameters(), 0.1, momentum: 0.9);
        var inputs = linspace(-1, 1, 32).reshape(-1, 1);
        var targets = inputs * 3 - 1;
        for (var i = 0; i < 400; i++)
        {
            using var step = NewDisposeScope();
            sgd.zero_grad();
            nn.functional.mse_loss(line.call(inputs), targets).backward();
            sgd.step();
        }
        Assert.Equal(3, line.weight.item<float>(), 0.01);
        Assert.Equal(-1, line.bias!.item<float>(), 0.01);
    }

    [Fact]
    public void The_closures_loss_is_the_steps_result()
    {
        var x = Start(3);
        using var sgd = optim.SGD([x], 0.5);
        var loss = sgd.step(() =>
        {
            var value = x.square().sum();
            value.backward();
            return value;
        });
        Assert.Equal(9, loss!.item<double>());
        Assert.Equal(0, Value(x));
    }

    [Fact]
    public void Saved_state_goes_on_where_it_stopped()
    {
        var (x, y) = (Start(0), Start(0));
        using var first = optim.SGD([x], 0.1, momentum: 0.9);
        Step(first, x, 1);
        first.save_state_dict(folder["sgd.dat"]);
        using var second = optim.SGD([y], 0.7, momentum: 0.1);
        second.load_state_dict(folder["sgd.dat"]);
        Step(second, y, 1);
        Assert.Equal(-0.1 * 1.9, Value(y), 1e-12);
        using (var writer = new BinaryWriter(File.Create(folder["other.dat"])))
            writer.Write("Adam");
        Assert.Throws<InvalidDataException>(() => second.load_state_dict(folder["other.dat"]));
    }
}
