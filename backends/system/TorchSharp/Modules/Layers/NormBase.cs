using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public abstract class NormBase : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(bias))] private Parameter? _bias;
    [ComponentName(Name = nameof(weight))] private Parameter? _weight;
    [ComponentName(Name = nameof(running_mean))] private Tensor? _running_mean;
    [ComponentName(Name = nameof(running_var))] private Tensor? _running_var;
    [ComponentName(Name = nameof(num_batches_tracked))] private Tensor? _num_batches_tracked;

    public NormBase(
        long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device,
        ScalarType? dtype, string name) : base(name)
    {
        this.num_features = num_features;
        this.eps = eps;
        this.momentum = momentum;
        this.affine = affine;
        this.track_running_stats = track_running_stats;
        if (affine)
        {
            weight = empty(num_features, dtype, device).AsParameter();
            bias = empty(num_features, dtype, device).AsParameter();
        }
        if (track_running_stats)
        {
            running_mean = zeros(num_features, dtype, device);
            running_var = ones(num_features, dtype, device);
            num_batches_tracked = tensor(0L, dtype, device);
        }
        reset_parameters();
    }

    public long num_features { get; private set; }
    public double eps { get; set; }
    public double? momentum { get; set; }
    public bool affine { get; private set; }
    public bool track_running_stats { get; private set; }

    public Parameter weight
    {
        get => _weight!;
        set
        {
            if (!_weight.Assign(value)) return;
            ConditionallyRegisterParameter(nameof(weight), _weight = value);
        }
    }

    public Parameter? bias
    {
        get => _bias;
        set
        {
            _bias.Assign(value);
            ConditionallyRegisterParameter(nameof(bias), _bias = value);
        }
    }

    public Tensor? running_mean
    {
        get => _running_mean;
        set
        {
            _running_mean.Assign(value);
            ConditionallyRegisterBuffer(nameof(running_mean), _running_mean = value);
        }
    }

    public Tensor? running_var
    {
        get => _running_var;
        set
        {
            _running_var.Assign(value);
            ConditionallyRegisterBuffer(nameof(running_var), _running_var = value);
        }
    }

    public Tensor? num_batches_tracked
    {
        get => _num_batches_tracked;
        set
        {
            _num_batches_tracked.Assign(value);
            ConditionallyRegisterBuffer(nameof(num_batches_tracked), _num_batches_tracked = value);
        }
    }

    public void reset_running_stats()
    {
        if (!track_running_stats) return;
        nn.init.zeros_(running_mean!);
        nn.init.ones_(running_var!);
        nn.init.zeros_(num_batches_tracked!);
    }

    public void reset_parameters()
    {
        reset_running_stats();
        if (!affine) return;
        nn.init.ones_(weight);
        nn.init.zeros_(bias!);
    }

    protected abstract void ValidateInputDimensions(Tensor input);

    protected internal override nn.Module _to(Device device, ScalarType dtype, bool non_blocking) => Move(dtype, device);

    protected internal override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
        => Move(null, new Device(deviceType, deviceIndex));

    protected internal override nn.Module _to(ScalarType dtype, bool non_blocking) => Move(dtype, null);

    private NormBase Move(ScalarType? dtype, Device? device)
    {
        if (_weight is not null && ReplaceParameter(dtype, device, _weight, out var movedWeight)) weight = movedWeight;
        if (bias is not null && ReplaceParameter(dtype, device, bias, out var movedBias)) bias = movedBias;
        if (running_mean is not null && ReplaceBuffer(dtype, device, running_mean, out var mean)) running_mean = mean;
        if (running_var is not null && ReplaceBuffer(dtype, device, running_var, out var variance)) running_var = variance;
        if (num_batches_tracked is not null && ReplaceBuffer(dtype, device, num_batches_tracked, out var count)) num_batches_tracked = count;
        return this;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _weight?.Dispose();
            _bias?.Dispose();
            _running_mean?.Dispose();
            _running_var?.Dispose();
            _num_batches_tracked?.Dispose();
        }
        base.Dispose(disposing);
    }
}
