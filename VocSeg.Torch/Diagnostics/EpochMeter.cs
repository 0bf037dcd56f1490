using System.Diagnostics;

namespace VocSeg.Torch;

/// <summary>
/// Measures one epoch. Workers tell of it each by a <see cref="WorkMeter"/> of its own, the loop's thread by the other
/// methods.
/// </summary>
internal sealed class EpochMeter(string split, long epoch)
{
    private readonly KeyValuePair<string, object?> tag = new(Instruments.Split, split);
    private readonly Dictionary<object, WorkMeter> workers = [];
    private Activity? activity;
    private EpochReport? report;
    private Exception? failure;
    private long began;
    private long waits;
    private long opening;
    private long waited;
    private long batches;
    private long samples;
    private long skipped;
    private long cached;

    /// <summary>The list that the samples are of.</summary>
    internal string Split => split;

    /// <summary>What measures a worker for this epoch, whenever it comes back to it.</summary>
    internal WorkMeter Of(object worker)
    {
        lock (workers)
        {
            if (!workers.TryGetValue(worker, out var meter))
                workers.Add(worker, meter = new(tag));
            return meter;
        }
    }

    /// <summary>Says that a cache had samples that no worker was asked for.</summary>
    internal void HadCached(int count)
    {
        cached += count;
        Instruments.CacheHits.Add(count, tag);
    }

    /// <summary>Says that the loop asks for a batch.</summary>
    internal void Wait()
    {
        waits = Stopwatch.GetTimestamp();
        if (began != 0)
            return;
        began = waits;
        // The activity does not become the loop's own: it may end on another thread, and after others that began later.
        var own = Activity.Current;
        activity = Instruments.Epochs.StartActivity("epoch");
        Activity.Current = own;
        activity?.SetTag(Instruments.Split, split).SetTag("vocseg.epoch", epoch);
    }

    /// <summary>Says that workers can begin: caches are open.</summary>
    internal void HasOpened() => opening = Stopwatch.GetTimestamp() - waits;

    /// <summary>Says that the loop has its batch.</summary>
    internal void HasBatch(int samplesOfBatch, int skippedOfBatch)
    {
        var time = Stopwatch.GetTimestamp() - waits;
        (waited, batches) = (waited + time, batches + 1);
        (samples, skipped) = (samples + samplesOfBatch, skipped + skippedOfBatch);
        Instruments.LoopWait.Record(Stopwatch.GetElapsedTime(0, time).TotalSeconds, tag);
        Instruments.Batches.Add(1, tag);
        Instruments.Samples.Add(samplesOfBatch, tag);
        if (skippedOfBatch > 0)
            Instruments.Skipped.Add(skippedOfBatch, tag);
    }

    /// <summary>Says that there will be no further batch, because of an error.</summary>
    internal void Fail(Exception error)
    {
        failure = error;
        waited += Stopwatch.GetTimestamp() - waits;
    }

    /// <summary>Ends the epoch; the first call counts.</summary>
    /// <returns>What is to be said of it; null where the loop has asked for no batch.</returns>
    internal EpochReport? End(bool isWhole)
    {
        if (report is not null || began == 0)
            return report;
        report = Report(isWhole);
        End(isWhole ? "whole" : failure switch
        {
            null => "left",
            OperationCanceledException => "cancelled",
            _ => "failed",
        });
        return report;
    }

    private void End(string how)
    {
        if (activity is null)
            return;
        activity.SetTag("vocseg.epoch.end", how)
            .SetTag("vocseg.batches", batches)
            .SetTag("vocseg.samples", samples)
            .SetTag("vocseg.skipped_samples", skipped);
        if (how == "whole")
            activity.SetStatus(ActivityStatusCode.Ok);
        if (how == "failed")
        {
            activity.SetTag("error.type", failure!.GetType().FullName)
                .SetStatus(ActivityStatusCode.Error, failure.Message);
        }
        var own = Activity.Current;
        activity.Stop();
        Activity.Current = own;
    }

    private EpochReport Report(bool isWhole)
    {
        WorkFigures[] works;
        lock (workers)
            works = [.. workers.Values.Select(worker => worker.Done)];
        var all = works.Aggregate(default(WorkFigures), (one, other) => one + other);
        return new()
        {
            Epoch = epoch,
            IsWhole = isWhole,
            Batches = batches,
            Samples = samples,
            Skipped = skipped,
            Elapsed = Stopwatch.GetElapsedTime(began),
            LoopWait = Time(waited),
            OpeningTime = Time(opening),
            WorkTime = [.. works.Select(work => Time(work.Busy))],
            DecodeTime = [.. works.Select(work => Time(work.Decoding))],
            ReadTime = Time(all.Reading),
            BytesRead = all.Bytes,
            CacheHits = all.Hits + cached,
            CacheMisses = all.Misses,
        };
    }

    private static TimeSpan Time(long ticks) => Stopwatch.GetElapsedTime(0, ticks);
}
