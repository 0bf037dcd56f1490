using static TorchSharp.torch;

namespace TorchSharp.Modules;

public abstract class ConvolutionTranspose : Convolution
{
    protected ConvolutionTranspose(
        string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[]? padding,
        Padding? padding_type, long[] dilation, bool transposed, long[] output_padding, long groups, bool bias,
        PaddingModes padding_mode, Device? device = null, ScalarType? dtype = null)
        : base(name, in_channels, out_channels, kernel_size, stride, padding, padding_type, dilation, transposed, output_padding,
            groups, bias, padding_mode, device, dtype)
    {
    }

    public override Tensor forward(Tensor input) => forward(input, null);

    public abstract Tensor forward(Tensor input, long[]? output_size);

    /// <summary>The output padding that gives the asked-for size.</summary>
    protected long[] _output_padding(
        Tensor input, long[]? output_size, long[] kernel_size, long[] stride, long[] padding, long[] dilation,
        long num_spatial_dims)
    {
        // The packages take the first one for all dimensions.
        if (output_size is null) return [output_padding[0]];
        var outer = input.dim() == num_spatial_dims + 2 ? 2 : 1;
        if (output_size.Length == outer + num_spatial_dims) output_size = output_size[outer..];
        if (output_size.Length != num_spatial_dims)
            throw new ArgumentException($"ConvTranspose{num_spatial_dims}D: for {input.dim()}D input, output_size must have {num_spatial_dims} or {outer + num_spatial_dims} elements (got {output_size.Length})", nameof(input));
        var missing = new long[num_spatial_dims];
        for (var i = 0; i < missing.Length; i++)
        {
            var smallest = (input.size(i + outer) - 1) * stride[i] - 2 * padding[i] + dilation[i] * (kernel_size[i] - 1) + 1;
            missing[i] = output_size[i] - smallest;
            if (missing[i] < 0 || missing[i] > stride[i] - 1)
                throw new ArgumentException($"Requested an output size of {output_size[i]}, but valid sizes range from {smallest} to {smallest + stride[i] - 1}");
        }
        return missing;
    }
}
