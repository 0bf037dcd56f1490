using System.Collections.Immutable;

namespace VocSeg.Torch;

/// <summary>Which samples an epoch has, and how often.</summary>
public abstract record Sampling
{
    private Sampling()
    {
    }

    /// <summary>Every sample once.</summary>
    public static Sampling EachOnce { get; } = new Once();

    /// <summary>
    /// Samples drawn with replacement, each as likely as its weight says, in random order whatever <c>Shuffle</c> is. A
    /// sample that comes again in an epoch has another crop. The same seed and epoch always give the same draw.
    /// </summary>
    /// <param name="weights">
    /// A weight for each sample of the data set, in the order of <see cref="VocSegDataset.Samples"/>: finite, 0 or
    /// above, not all 0.
    /// </param>
    /// <param name="samplesPerEpoch">How many samples an epoch has, at least 1.</param>
    /// <returns>The sampling.</returns>
    /// <exception cref="ArgumentException">A weight is below 0 or not finite, or all are 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Less than one sample an epoch.</exception>
    public static Sampling Weighted(IEnumerable<double> weights, int samplesPerEpoch) =>
        new ByWeight(weights, samplesPerEpoch);

    /// <summary>How many samples an epoch has, without counting several crops of one.</summary>
    internal abstract int SamplesOf(int count);

    /// <summary>The samples of an epoch in their order.</summary>
    internal abstract int[] Order(int count, bool shuffle, long seed, long epoch);

    /// <summary>One more sample, as likely as the epoch has it.</summary>
    internal abstract int Draw(ref SampleRandom random, int count);

    private sealed record Once : Sampling
    {
        internal override int SamplesOf(int count) => count;

        internal override int[] Order(int count, bool shuffle, long seed, long epoch)
        {
            var indices = new int[count];
            for (var i = 0; i < count; i++)
                indices[i] = i;
            if (!shuffle)
                return indices;
            // Fisher-Yates.
            var random = new SampleRandom(seed, epoch);
            for (var last = count - 1; last > 0; last--)
            {
                var other = random.Next(last + 1);
                (indices[last], indices[other]) = (indices[other], indices[last]);
            }
            return indices;
        }

        internal override int Draw(ref SampleRandom random, int count) => random.Next(count);
    }

    private sealed record ByWeight : Sampling
    {
        private const ulong Stream = 1;
        private readonly ImmutableArray<double> sums;
        private readonly int samplesPerEpoch;

        internal ByWeight(IEnumerable<double> weights, int samplesPerEpoch)
        {
            ArgumentNullException.ThrowIfNull(weights);
            ArgumentOutOfRangeException.ThrowIfLessThan(samplesPerEpoch, 1);
            this.samplesPerEpoch = samplesPerEpoch;
            var sum = 0.0;
            sums = [.. weights.Select(weight => sum += double.IsFinite(weight) && weight >= 0
                ? weight
                : throw new ArgumentException(
                    $"A weight is finite and 0 or above; {weight} was given.", nameof(weights)))];
            if (sum <= 0 || !double.IsFinite(sum))
                throw new ArgumentException("The weights must have a finite sum above 0.", nameof(weights));
        }

        internal override int SamplesOf(int count) => count == sums.Length
            ? samplesPerEpoch
            : throw new ArgumentException(
                $"{sums.Length} weights were given for {count} samples; give one for each of VocSegDataset.Samples.");

        internal override int[] Order(int count, bool shuffle, long seed, long epoch)
        {
            var random = new SampleRandom(seed, epoch, stream: Stream);
            var indices = new int[samplesPerEpoch];
            for (var i = 0; i < indices.Length; i++)
                indices[i] = Draw(ref random, count);
            return indices;
        }

        internal override int Draw(ref SampleRandom random, int count) =>
            FirstAbove(random.Between(0, sums[^1]));

        /// <summary>The first sample whose sum of weights is above a number.</summary>
        private int FirstAbove(double number)
        {
            int low = 0, high = sums.Length - 1;
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = sums[middle] > number ? (low, middle) : (middle + 1, high);
            }
            return low;
        }
    }
}
