using System.Collections.Concurrent;

namespace VocSeg.Torch;

/// <content>Work on every sample, in parallel.</content>
public sealed partial class SampleCatalog
{
    /// <summary>Works on samples in parallel; the results stand in the order of the samples.</summary>
    /// <param name="count">How many samples there are.</param>
    /// <param name="of">What they are, for the message, such as "samples of train.txt".</param>
    /// <param name="options">How many at once.</param>
    /// <param name="open">Makes what one thread needs for its work.</param>
    /// <param name="work">The work on one sample.</param>
    /// <param name="progress">Is told, from several threads, how many are done.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="DatasetException">Samples were at fault; it names the first ten of them.</exception>
    internal static TResult[] ForEach<TWorker, TResult>(
        int count,
        string of,
        SampleCatalogOptions options,
        Func<TWorker> open,
        Func<TWorker, int, TResult> work,
        IProgress<(int Done, int Total)>? progress,
        CancellationToken cancellation)
    {
        NativeLibraries.RequireSkia();
        var results = new TResult[count];
        var faults = new ConcurrentBag<(int Index, DatasetException Fault)>();
        var done = 0;
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.Parallelism,
            CancellationToken = cancellation,
        };
        Parallel.For(
            0,
            count,
            parallel,
            open,
            (index, _, worker) =>
            {
                try
                {
                    results[index] = work(worker, index);
                }
                catch (DatasetException fault)
                {
                    faults.Add((index, fault));
                }
                progress?.Report(new(Interlocked.Increment(ref done), count));
                return worker;
            },
            static _ => { });
        // In the order of the samples, so that the same set gives the same message every time.
        return faults.IsEmpty ? results : throw DatasetException.All(
            [.. faults.OrderBy(found => found.Index).Select(found => found.Fault)],
            $"{faults.Count} of the {count} {of}");
    }
}
