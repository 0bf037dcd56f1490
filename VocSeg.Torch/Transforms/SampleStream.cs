namespace VocSeg.Torch;

/// <summary>
/// Random numbers for an <see cref="IBatchTransform"/>. They depend on the data set's seed, the epoch, a sample and the
/// transform alone, and are the same on every machine. Not thread-safe.
/// </summary>
public sealed class SampleStream
{
    private SampleRandom random;

    internal SampleStream(SampleRandom random) => this.random = random;

    /// <summary>A whole number from 0 to below a bound, each as likely as any other.</summary>
    /// <param name="bound">The bound, at least 1.</param>
    /// <returns>The number.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        return random.Next(bound);
    }

    /// <summary>A number from 0 to below 1, a multiple of 2^-53.</summary>
    /// <returns>The number.</returns>
    public double NextDouble() => random.NextDouble();
}
