using System.Diagnostics;

namespace VocSeg.Torch;

/// <summary>Times in ticks of <see cref="Stopwatch"/>, bytes and lookups.</summary>
/// <param name="Busy">Making samples: all that follows, and what is done to decoded pixels.</param>
/// <param name="Decoding">Reading and decoding files.</param>
/// <param name="Reading">Reading alone.</param>
/// <param name="Bytes">The bytes that were read.</param>
/// <param name="Hits">Samples that a cache had.</param>
/// <param name="Misses">Samples that it did not have.</param>
internal readonly record struct WorkFigures(long Busy, long Decoding, long Reading, long Bytes, long Hits, long Misses)
{
    public static WorkFigures operator +(WorkFigures one, WorkFigures other) => new(
        one.Busy + other.Busy, one.Decoding + other.Decoding, one.Reading + other.Reading, one.Bytes + other.Bytes,
        one.Hits + other.Hits, one.Misses + other.Misses);
}

/// <summary>
/// What one worker does for an epoch. It costs a few readings of the clock a sample and allocates nothing. One thread
/// writes it; others may read it when the samples are there.
/// </summary>
internal sealed class WorkMeter(KeyValuePair<string, object?> split)
{
    private WorkFigures done;
    private WorkFigures sample;
    private long began;

    internal WorkFigures Done => done;

    /// <summary>Begins samples that are decoded once.</summary>
    internal void Begin()
    {
        sample = default;
        began = Stopwatch.GetTimestamp();
    }

    /// <summary>Ends them, whether they were made or are bad.</summary>
    internal void End()
    {
        sample = sample with { Busy = Stopwatch.GetTimestamp() - began };
        done += sample;
        if (sample.Decoding > 0)
            Instruments.DecodeTime.Record(Stopwatch.GetElapsedTime(0, sample.Decoding).TotalSeconds, split);
        if (sample.Bytes > 0)
            Instruments.BytesRead.Add(sample.Bytes, split);
        if (sample.Hits > 0)
            Instruments.CacheHits.Add(sample.Hits, split);
        if (sample.Misses > 0)
            Instruments.CacheMisses.Add(sample.Misses, split);
    }

    /// <summary>Says that a cache had the sample, or had it not.</summary>
    internal void LookedUp(bool isHit) => sample = isHit
        ? sample with { Hits = sample.Hits + 1 }
        : sample with { Misses = sample.Misses + 1 };

    /// <summary>Says that bytes were read.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="from">The clock before.</param>
    internal void HasRead(long bytes, long from) => sample = sample with
    {
        Reading = sample.Reading + Stopwatch.GetTimestamp() - from,
        Bytes = sample.Bytes + bytes,
    };

    /// <summary>Counts the time until it is disposed as decoding.</summary>
    internal DecodingTime Decode() => new(this, Stopwatch.GetTimestamp());

    internal readonly ref struct DecodingTime(WorkMeter meter, long from)
    {
        public void Dispose() => meter.sample = meter.sample with
        {
            Decoding = meter.sample.Decoding + Stopwatch.GetTimestamp() - from,
        };
    }
}
