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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Adam_corrects_its_averages_for_their_start(bool decoupled)
    {
        const double decay = 0.1;
        var x = Start(2);
        using optim.Optimizer adam = decoupled ? optim.AdamW([x], 0.01, weight_decay: decay) : optim.Adam([x], 0.01, weight_decay: decay);
        var (expected, mean, square) = (2.0, 0.0, 0.0);
        for (var i = 1; i <= 3; i++)
        {
            var gradient = 1.0 / i;
            if (decoupled) expected *= 1 - 0.01 * decay;
            else gradient += decay * expected;
            mean = 0.9 * mean + 0.1 * gradient;
            square = 0.999 * square + 0.001 * gradient * gradient;
            var root = Math.Sqrt(square / (1 - Math.Pow(0.999, i))) + 1e-8;
            expected -= 0.01 * mean / (1 - Math.Pow(0.9, i)) / root;
            Step(adam, x, 1.0 / i);
        }
        Assert.Equal(expected, Value(x), 1e-9);
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
        using var adam = optim.Adam(line.parameters(), 0.05);
        var inputs = linspace(-1, 1, 32).reshape(-1, 1);
        var targets = inputs * 3 - 1;
        for (var i = 0; i < 400; i++)
        {
            using var step = NewDisposeScope();
            adam.zero_grad();
            nn.functional.mse_loss(line.call(inputs), targets).backward();
            adam.step();
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
        using var adam = optim.Adam([y]);
        Assert.Throws<InvalidDataException>(() => adam.load_state_dict(folder["sgd.dat"]));
    }

    [Fact]
    public void Schedules_follow_their_formulas()
    {
        double[] Rates(Func<optim.Optimizer, optim.lr_scheduler.LRScheduler> make)
        {
            using var sgd = optim.SGD([Start(0)], 1.0);
            var schedule = make(sgd);
            var rates = new List<double> { sgd.ParamGroups.Single().LearningRate };
            for (var i = 0; i < 3; i++)
            {
                schedule.step();
                rates.Add(schedule.get_last_lr().Single());
            }
            return [.. rates.Select(rate => Math.Round(rate, 10))];
        }
        Assert.Equal([1, 1, 0.1, 0.1], Rates(o => optim.lr_scheduler.StepLR(o, 2)));
        Assert.Equal([1, 0.5, 0.25, 0.125], Rates(o => optim.lr_scheduler.ExponentialLR(o, 0.5)));
        Assert.Equal([1, 0.75, 0.5, 0.25], Rates(o => optim.lr_scheduler.PolynomialLR(o, 4)));
        Assert.Equal([1, 0.5, 0.3333333333, 0.25], Rates(o => optim.lr_scheduler.LambdaLR(o, epoch => 1.0 / (epoch + 1))));
        Assert.Equal([0.5, 0.75, 1, 1], Rates(o => optim.lr_scheduler.LinearLR(o, 0.5, total_iters: 2)));
        Assert.Equal([1, 0.75, 0.25, 0], Rates(o => optim.lr_scheduler.CosineAnnealingLR(o, 3)));
    }
}
