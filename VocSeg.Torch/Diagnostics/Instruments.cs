using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace VocSeg.Torch;

/// <summary>
/// What dotnet-counters, OpenTelemetry and other listeners read. Their names, units and meanings stand in
/// docs/diagnostics.md. An instrument that nobody listens to costs a test of a field.
/// </summary>
internal static class Instruments
{
    /// <summary>The name of the meter and of the source of activities.</summary>
    internal const string Source = "VocSeg.Torch";

    /// <summary>The tag of all of them: the list that the samples are of, such as train.</summary>
    internal const string Split = "vocseg.split";

    private static readonly string? Version = typeof(Instruments).Assembly.GetName().Version?.ToString(3);
    private static readonly Meter Meter = new(Source, Version);

    // Weak, so that a loader that is forgotten is no part of it.
    private static readonly ConditionalWeakTable<ReadyBatches, object?> Queues = [];

    internal static readonly ActivitySource Epochs = new(Source, Version);

    internal static readonly Counter<long> Batches = Meter.CreateCounter<long>(
        "vocseg.batches", "{batch}", "Batches that loops took.");

    internal static readonly Counter<long> Samples = Meter.CreateCounter<long>(
        "vocseg.samples", "{sample}", "Samples of the batches that loops took.");

    internal static readonly Counter<long> Skipped = Meter.CreateCounter<long>(
        "vocseg.skipped_samples", "{sample}", "Samples that could not be read and were skipped.");

    internal static readonly Counter<long> CacheHits = Meter.CreateCounter<long>(
        "vocseg.cache.hits", "{sample}", "Decoded samples that a cache had.");

    internal static readonly Counter<long> CacheMisses = Meter.CreateCounter<long>(
        "vocseg.cache.misses", "{sample}", "Samples that had to be decoded although there is a cache.");

    internal static readonly Counter<long> BytesRead = Meter.CreateCounter<long>(
        "vocseg.file.io", "By", "Bytes read from images, labels and, at a sample's first visit, the disk cache.");

    internal static readonly Histogram<double> DecodeTime = Meter.CreateHistogram<double>(
        "vocseg.decode.duration", "s", "The time that a worker takes to read and decode a sample.");

    internal static readonly Histogram<double> LoopWait = Meter.CreateHistogram<double>(
        "vocseg.loop.wait.duration", "s", "The time that a loop waits for its next batch.");

    internal static readonly ObservableUpDownCounter<int> QueueDepth = Meter.CreateObservableUpDownCounter(
        "vocseg.queue.depth", Depths, "{batch}", "Batches that are ready and wait for their loops.");

    /// <summary>Makes them a part of the queue's depth, until they are removed.</summary>
    internal static void Add(ReadyBatches queue) => Queues.AddOrUpdate(queue, null);

    internal static void Remove(ReadyBatches queue) => Queues.Remove(queue);

    private static Measurement<int>[] Depths() =>
    [
        .. from queue in Queues.Select(pair => pair.Key)
           group queue by queue.Split into split
           select new Measurement<int>(
               split.Sum(queue => queue.Count), new KeyValuePair<string, object?>(Split, split.Key)),
    ];
}

/// <summary>The batches that one pipeline has ready and that no loop has taken yet.</summary>
/// <param name="split">The list that the samples are of.</param>
internal sealed class ReadyBatches(string split)
{
    private int count;

    internal string Split => split;

    internal int Count => Volatile.Read(ref count);

    /// <summary>Says that a batch is ready, or that it was taken.</summary>
    internal void Add(int more) => Interlocked.Add(ref count, more);
}
