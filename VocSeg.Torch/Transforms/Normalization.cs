using System.Collections.Immutable;
using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// How bytes become floats: <c>(byte / 255 - mean) / std</c>, a mean and a standard deviation for red, green and blue.
/// It is computed as <c>byte * scale + bias</c> in float32, rounded once or twice; the result is within 1e-6 of the
/// formula.
/// </summary>
public sealed record Normalization
{
    /// <summary>A normalization of one's own.</summary>
    /// <param name="mean">Means of red, green and blue, where 1 is the full byte.</param>
    /// <param name="std">Standard deviations of red, green and blue, above 0.</param>
    /// <exception cref="ArgumentException">
    /// Not three numbers, not finite, or a standard deviation that is not above 0.
    /// </exception>
    public Normalization(IEnumerable<float> mean, IEnumerable<float> std)
    {
        Mean = [.. mean];
        Std = [.. std];
        if (Mean.Length != 3 || !Mean.All(float.IsFinite))
            throw new ArgumentException("The mean is three finite numbers, for red, green and blue.", nameof(mean));
        if (Std.Length != 3 || !Std.All(value => float.IsFinite(value) && value > 0))
        {
            throw new ArgumentException(
                "The standard deviation is three finite numbers above 0, for red, green and blue.", nameof(std));
        }
        Scale = [.. Std.Select(value => (float)(1 / (255 * (double)value)))];
        Bias = [.. Mean.Zip(Std, (middle, spread) => (float)(-(double)middle / spread))];
    }

    /// <summary>The means and standard deviations of ImageNet, which pretrained trunks expect.</summary>
    public static Normalization ImageNet { get; } = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>Bytes to 0..1 and nothing else.</summary>
    public static Normalization None { get; } = new([0, 0, 0], [1, 1, 1]);

    /// <summary>Means of red, green and blue.</summary>
    public ImmutableArray<float> Mean { get; }

    /// <summary>Standard deviations of red, green and blue.</summary>
    public ImmutableArray<float> Std { get; }

    /// <summary>
    /// Makes the input of a network of one image in memory, such as a camera's: the floats that a batch has for the
    /// same pixels.
    /// </summary>
    /// <param name="pixels">
    /// Rows without padding: red, green and blue, or these and one more byte, which does not matter, for each pixel.
    /// </param>
    /// <param name="size">Height and width of the image.</param>
    /// <param name="channels">Whether the network sees colours or their luma.</param>
    /// <param name="device">Where the tensor is to be; null for the CPU.</param>
    /// <returns>float32 (1, 3, height, width), or (1, 1, height, width) in gray. The caller disposes it.</returns>
    /// <exception cref="ArgumentException">
    /// There are not three or four bytes for each pixel, or the channels are none that there are.
    /// </exception>
    public Tensor ToTensor(
        ReadOnlySpan<byte> pixels, ImageSize size, ImageChannels channels = ImageChannels.Rgb, Device? device = null)
    {
        var step = size.Pixels == 0 ? 0 : pixels.Length / size.Pixels;
        if (step is not (3 or 4) || step * size.Pixels != pixels.Length)
        {
            throw new ArgumentException(
                $"{pixels.Length} bytes are not an image of {size}, with three or four bytes for each pixel.",
                nameof(pixels));
        }
        NativeLibraries.RequireTorch();
        var isGray = NamedValue.Require(channels, nameof(channels)) == ImageChannels.Gray;
        var (own, planes) = isGray ? (BatchForm.Gray(this), 1) : (this, 3);
        var (count, values) = ((int)size.Pixels, new float[planes * size.Pixels]);
        for (var at = 0; at < count; at++, pixels = pixels[(int)step..])
        {
            float red = pixels[0], green = pixels[1], blue = pixels[2];
            if (isGray)
            {
                var luma =
                    red * ColorMatrix.LumaOfRed + green * ColorMatrix.LumaOfGreen + blue * ColorMatrix.LumaOfBlue;
                values[at] = luma * own.Scale[0] + own.Bias[0];
                continue;
            }
            values[at] = red * own.Scale[0] + own.Bias[0];
            values[count + at] = green * own.Scale[1] + own.Bias[1];
            values[2 * count + at] = blue * own.Scale[2] + own.Bias[2];
        }
        return tensor(values, [1, planes, size.Height, size.Width], device: device);
    }

    internal ImmutableArray<float> Scale { get; }

    internal ImmutableArray<float> Bias { get; }

    /// <summary>Whether two normalizations have the same numbers.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(Normalization? other) =>
        other is not null && Mean.SequenceEqual(other.Mean) && Std.SequenceEqual(other.Std);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Mean[0], Mean[1], Mean[2], Std[0], Std[1], Std[2]);
}
