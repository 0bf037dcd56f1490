namespace VocSeg.Torch;

/// <summary>What a loader does where a sample cannot be read.</summary>
public abstract record OnError
{
    private OnError()
    {
    }

    /// <summary>The loop ends with the <see cref="DatasetException"/>; the batches before it come whole.</summary>
    public static OnError Throw { get; } = new Throwing();

    /// <summary>Whether samples are skipped.</summary>
    internal bool Skips => this is Skipping;

    /// <summary>
    /// Another sample takes the place of one that cannot be read. It is drawn from the seed, the epoch and the place in
    /// the epoch alone, and again where that one is bad too. So any number of workers or ranks makes the same batch.
    /// </summary>
    /// <param name="maximumShare">
    /// The share of an epoch's samples, above 0 and up to 1, that may be skipped. Beyond it the loop ends with a
    /// <see cref="DatasetException"/> that lists them.
    /// </param>
    /// <returns>The rule.</returns>
    /// <remarks>
    /// Only a <see cref="DatasetException"/> is skipped: a file that is missing, damaged, or not what it should be. A
    /// lack of memory never is. Files are decoded to their end, also where a crop needs only their upper rows, so that
    /// the same samples are skipped with a cache and without one.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0 and up to 1.</exception>
    public static OnError Skip(double maximumShare) => maximumShare is > 0 and <= 1
        ? new Skipping(maximumShare)
        : throw new ArgumentOutOfRangeException(
            nameof(maximumShare), $"The share is above 0 and up to 1; {maximumShare} was given. To skip nothing take "
            + "OnError.Throw.");

    /// <summary>How many of some samples may be skipped.</summary>
    internal abstract long MostOf(double samples);

    /// <summary>Whether an error is one that may be skipped.</summary>
    internal bool MaySkip(DatasetException error)
    {
        // A damaged cache is no sample: its images can be read.
        if (!Skips || error.Fault == DatasetFault.Cache)
            return false;
        // What a machine lacks says nothing about a file.
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is OutOfMemoryException)
                return false;
        }
        return true;
    }

    private sealed record Throwing : OnError
    {
        internal override long MostOf(double samples) => 0;
    }

    private sealed record Skipping(double MaximumShare) : OnError
    {
        // 0.29 of 100 is 28.999999999999996 in floating point.
        internal override long MostOf(double samples) => (long)Math.Floor(MaximumShare * samples + 1e-9);
    }
}
