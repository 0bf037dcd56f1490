using System.Collections.Immutable;

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

    internal ImmutableArray<float> Scale { get; }

    internal ImmutableArray<float> Bias { get; }

    /// <summary>Whether two normalizations have the same numbers.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(Normalization? other) =>
        other is not null && Mean.SequenceEqual(other.Mean) && Std.SequenceEqual(other.Std);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Mean[0], Mean[1], Mean[2], Std[0], Std[1], Std[2]);
}
