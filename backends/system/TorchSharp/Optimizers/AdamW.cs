using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

public partial class AdamW : OptimizerHelper, IBetas
{
    public AdamW(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
    }

    public AdamW(IEnumerable<ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
    {
        if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
        if (eps < 0) throw new ArgumentException($"Invalid ε: {eps}");
        if (beta1 < 0 || beta1 >= 1.0) throw new ArgumentException($"Invalid beta1: {beta1}");
        if (beta2 < 0 || beta2 >= 1.0) throw new ArgumentException($"Invalid beta2: {beta2}");
        if (weight_decay < 0.0) throw new ArgumentException($"Invalid weight_decay value: {weight_decay}");
        _defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            beta1 = beta1,
            beta2 = beta2,
            eps = eps,
            weight_decay = weight_decay,
            amsgrad = amsgrad,
            maximize = maximize,
        };
        foreach (var group in parameters) add_param_group(group);
    }

    public (double, double) Betas
    {
        get => (Defaults.beta1!.Value, Defaults.beta2!.Value);
        set => (Defaults.beta1, Defaults.beta2) = value;
    }

    private Options Defaults => (Options)_defaults!;

    public override void add_param_group(Modules.ParamGroup param_group)
    {
        var options = (Options)(param_group.Options ??= new Options());
        options.LearningRate ??= Defaults.LearningRate;
        options.beta1 ??= Defaults.beta1;
        options.beta2 ??= Defaults.beta2;
        options.eps ??= Defaults.eps;
        options.weight_decay ??= Defaults.weight_decay;
        options.amsgrad ??= Defaults.amsgrad;
        options.maximize ??= Defaults.maximize;
        options.InitialLearningRate = options.LearningRate!.Value;
        _parameter_groups.Add(param_group);
        foreach (var parameter in param_group.Parameters)
        {
            var state = new State(parameter);
            _state[parameter.Handle] = state;
            state.Initialize(options);
        }
    }

    public override Tensor? step(Func<Tensor>? closure = null) => _step<ParamGroup>(group =>
    {
        var options = group.Options!;
        foreach (var parameter in group.Parameters)
        {
            if (parameter.grad is { } gradient)
                Update(parameter, gradient, (State)_state[parameter.Handle], options);
        }
    }, closure);

    private static void Update(Parameter parameter, Tensor gradient, State state, Options options)
    {
        var (beta1, beta2, lr) = (options.beta1!.Value, options.beta2!.Value, options.LearningRate!.Value);
        if (options.maximize!.Value) gradient = -gradient;
        parameter.mul_(1 - lr * options.weight_decay!.Value);
        state.step += 1;
        state.exp_avg!.mul_(beta1).add_(gradient, 1 - beta1);
        state.exp_avg_sq!.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
        if (options.amsgrad!.Value)
        {
            using var before = state.max_exp_avg_sq!;
            state.max_exp_avg_sq = maximum(before, state.exp_avg_sq).DetachFromDisposeScope();
        }
        var square = options.amsgrad.Value ? state.max_exp_avg_sq! : state.exp_avg_sq;
        var denominator = (square.sqrt() / Math.Sqrt(1 - Math.Pow(beta2, state.step))).add_(options.eps!.Value);
        parameter.addcdiv_(state.exp_avg, denominator, -lr / (1 - Math.Pow(beta1, state.step)));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;
        foreach (State state in _state.Values) state.Dispose();
    }
}
