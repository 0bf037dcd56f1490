using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FcnTraining;

/// <summary>Transposed convolutions that begin as bilinear interpolation.</summary>
internal static class Bilinear
{
    /// <summary>Enlarges every channel for itself by an even factor: kernel twice the factor, padding half of it.</summary>
    internal static ConvTranspose2d Upsampling(int channels, int factor)
    {
        var layer = nn.ConvTranspose2d(channels, channels, 2L * factor, stride: factor, padding: factor / 2);
        using var scope = NewDisposeScope();
        using var constant = no_grad();
        var filter = tensor(Filter(2 * factor));
        var kernel = filter.unsqueeze(1) * filter.unsqueeze(0);
        layer.weight!.copy_(eye(channels).view(channels, channels, 1, 1) * kernel);
        layer.bias!.zero_();
        return layer;
    }

    // A triangle around the middle, which lies between two taps of an even kernel.
    private static float[] Filter(int size)
    {
        var filter = new float[size];
        for (var tap = 0; tap < size; tap++)
            filter[tap] = 1 - Math.Abs(tap + 0.5f - size / 2f) / (size / 2f);
        return filter;
    }
}
