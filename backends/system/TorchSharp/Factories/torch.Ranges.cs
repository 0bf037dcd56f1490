using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        device = InitializeDevice(device);
        var whole = is_integral(start.Type) && is_integral(stop.Type) && is_integral(step.Type);
        var type = dtype ?? (whole ? ScalarType.Int64 : get_default_dtype());
        return Finished(Op.Tensor("arange.start_step", start, stop, step, type, Arg.None, device), requires_grad, null);
    }

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        device = InitializeDevice(device);
        return Finished(
            Op.Tensor("linspace", start, end, steps, dtype ?? get_default_dtype(), Arg.None, device), requires_grad, null);
    }

    public static Tensor logspace(double start, double end, long steps, double @base = 10, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        device = InitializeDevice(device);
        return Finished(
            Op.Tensor("logspace", start, end, steps, @base, dtype ?? get_default_dtype(), Arg.None, device), requires_grad, null);
    }

    public static Tensor eye(long rows, long columns = -1L, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        device = InitializeDevice(device);
        var across = columns == -1 ? rows : columns;
        return Finished(
            Op.Tensor("eye.m", rows, across, dtype ?? get_default_dtype(), Arg.None, device), requires_grad, names);
    }

    public static Tensor empty_strided(long[] size, long[] strides, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        device = InitializeDevice(device);
        return Finished(
            Op.Tensor("empty_strided", size, strides, dtype ?? get_default_dtype(), Arg.None, device), requires_grad, names);
    }
}
