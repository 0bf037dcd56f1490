using System.Collections.Immutable;
using System.Globalization;

namespace VocSeg.Torch;

/// <summary>
/// How fast an epoch was, and what bounds it: see <see cref="VocSegDataLoader.LastEpoch"/>. <see cref="ToString"/> says
/// it in a line.
/// </summary>
public sealed record EpochReport
{
    // Below this share of the time that is waited, nothing worth it can be gained.
    private const double LittleWait = 0.1;

    internal EpochReport()
    {
    }

    /// <summary>The epoch, from 0.</summary>
    public long Epoch { get; internal init; }

    /// <summary>Whether the loop ran to the epoch's end. It may have begun amid the epoch, from a state.</summary>
    public bool IsWhole { get; internal init; }

    /// <summary>The batches that the loop took.</summary>
    public long Batches { get; internal init; }

    /// <summary>The samples of those batches.</summary>
    public long Samples { get; internal init; }

    /// <summary>Samples that could not be read and were skipped: see <see cref="OnError.Skip(double)"/>.</summary>
    public long Skipped { get; internal init; }

    /// <summary>From the loop's asking for its first batch to its end, the loop's own work included.</summary>
    public TimeSpan Elapsed { get; internal init; }

    /// <summary>How long the loop waited for batches, of <see cref="Elapsed"/>.</summary>
    public TimeSpan LoopWait { get; internal init; }

    /// <summary>
    /// How long it took until workers could begin, of <see cref="LoopWait"/>: a disk cache is opened, or written.
    /// </summary>
    public TimeSpan OpeningTime { get; internal init; }

    /// <summary>
    /// How long each worker made samples: it read, decoded and transformed them, for this epoch, also before its loop
    /// began. A full device cache has no workers.
    /// </summary>
    public ImmutableArray<TimeSpan> WorkTime { get; internal init; } = [];

    /// <summary>How long each worker read and decoded, of <see cref="WorkTime"/>.</summary>
    public ImmutableArray<TimeSpan> DecodeTime { get; internal init; } = [];

    /// <summary>
    /// How long all workers together read files, of <see cref="DecodeTime"/>, or looked for the first time at what a
    /// disk cache has.
    /// </summary>
    public TimeSpan ReadTime { get; internal init; }

    /// <summary>The bytes that were read in that time.</summary>
    public long BytesRead { get; internal init; }

    /// <summary>Samples that a cache had. Those that were made ahead for a loop that was left count too.</summary>
    public long CacheHits { get; internal init; }

    /// <summary>Samples that had to be decoded although there is a cache.</summary>
    public long CacheMisses { get; internal init; }

    /// <summary>Samples a second.</summary>
    public double ImagesPerSecond => Samples / Elapsed.TotalSeconds;

    /// <summary>The share of the time, from 0 to 1, that the loop waited for batches.</summary>
    public double WaitShare => LoopWait / Elapsed;

    /// <summary>What most of the time went to.</summary>
    public EpochBound Bound => WaitShare < LittleWait ? EpochBound.Loop
        : OpeningTime > LoopWait / 2 ? EpochBound.Opening
        : BusyShare < 0.5 ? EpochBound.Delivery
        : ReadTime > Total(WorkTime) / 2 ? EpochBound.Storage
        : Total(DecodeTime) > Total(WorkTime) / 2 ? EpochBound.Decoding
        : EpochBound.Transforms;

    /// <summary>Speed, waiting and what bounds the epoch, with the figures that say so and what helps.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Samples} images{(IsWhole ? "" : " and left early")}, {ImagesPerSecond:F1} images/s, the loop waited "
        + $"{100 * WaitShare:F0}% of {Elapsed.TotalSeconds:F1} s{Lookups}{Skips}. {Words}");

    private string Lookups => CacheHits + CacheMisses == 0 ? "" : string.Create(
        CultureInfo.InvariantCulture, $", {100.0 * CacheHits / (CacheHits + CacheMisses):F0}% from the cache");

    private string Skips => Skipped == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {Skipped} skipped");

    private string Words => Bound switch
    {
        EpochBound.Loop => "The loop itself bounds it: there is nothing to gain.",
        EpochBound.Opening => string.Create(
            CultureInfo.InvariantCulture,
            $"The disk cache bounds it: it was there after {OpeningTime.TotalSeconds:F1} s; later epochs find it."),
        EpochBound.Delivery => string.Create(
            CultureInfo.InvariantCulture,
            $"The way from workers to loop bounds it: workers were busy {100 * BusyShare:F0}%; a larger prefetch, ")
            + "longer epochs or fewer batch transforms help.",
        EpochBound.Storage => string.Create(
            CultureInfo.InvariantCulture,
            $"Storage bounds it: reading took {Share(ReadTime):F0}% of the workers' time, {Rate:F1} MB/s each; ")
            + "a faster disk or a cache helps.",
        EpochBound.Decoding => string.Create(
            CultureInfo.InvariantCulture,
            $"Decoding bounds it: it took {Share(Total(DecodeTime)):F0}% of the time of {WorkTime.Length} workers; ")
            + "more workers, where cores are idle, or a cache help.",
        _ => string.Create(
            CultureInfo.InvariantCulture,
            $"Transforms bound it: they took {Share(Total(WorkTime) - Total(DecodeTime)):F0}% of the workers' time; ")
            + "fewer of them or more workers help.",
    };

    /// <summary>The share of their time that workers made samples.</summary>
    private double BusyShare => WorkTime.IsEmpty
        ? 0
        : Total(WorkTime) / ((Elapsed - OpeningTime) * WorkTime.Length);

    /// <summary>Megabytes a second, as one worker sees it.</summary>
    private double Rate => BytesRead / 1e6 / ReadTime.TotalSeconds;

    private double Share(TimeSpan time) => 100 * (time / Total(WorkTime));

    private static TimeSpan Total(ImmutableArray<TimeSpan> times) =>
        times.Aggregate(TimeSpan.Zero, (sum, time) => sum + time);
}
