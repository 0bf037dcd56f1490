namespace Throughput;

/// <summary>What a training loop notices besides throughput: memory that grows, garbage, waits.</summary>
internal static class Steadiness
{
    internal const string Garbage = "managed bytes a sample";
    internal const string Spread = "resident memory over 20 epochs, furthest from its median, %";
    internal const string First = "first batch of a new loader, ms";
    internal const string Wait = "wait of a step behind a slow consumer, 95th percentile, ms";
    internal const string Seam = "wait for an epoch's first batch behind it, median, ms";
    private const int Epochs = 20, FirstBatches = 9, Waits = 60;

    internal static void Measure(Job job)
    {
        using var dataset = job.OpenDataset();
        Job.Say("first batch in a new process, ms", FirstBatch(job, dataset));
        using (var loader = job.Load(dataset))
        {
            Job.RunEpoch(loader);
            Job.RunEpoch(loader);
            var (images, allocated, clock) = (0L, 0L, Stopwatch.StartNew());
            List<double> resident = [];
            while (resident.Count < Epochs)
            {
                var before = GC.GetTotalAllocatedBytes(precise: true);
                images += Job.RunEpoch(loader);
                allocated += GC.GetTotalAllocatedBytes(precise: true) - before;
                resident.Add(1024.0 * Child.Kilobytes("/proc/self", "status", "VmRSS:"));
            }
            // A batch must be made meanwhile.
            var batch = job.BatchSize * clock.Elapsed.TotalMilliseconds / images;
            var sleep = Math.Max(50, (int)Math.Ceiling(1.25 * batch));
            Job.Say(Garbage, (double)allocated / images);
            Job.Say("resident memory, MB", resident.Median() / 1e6);
            Job.Say(Spread, 100 * resident.Max(bytes => Math.Abs(bytes / resident.Median() - 1)));
            var (starts, waits) = WaitsBehind(loader, sleep);
            waits.Sort();
            Job.Say(Seam, starts.Median());
            Job.Say("wait of a step behind it, median, ms", waits[waits.Count / 2]);
            Job.Say(Wait, waits[waits.Count * 95 / 100]);
        }
        Job.Say(First, Enumerable.Range(0, FirstBatches).Select(_ => FirstBatch(job, dataset)).Median());
    }

    private static double FirstBatch(Job job, VocSegDataset dataset)
    {
        var clock = Stopwatch.StartNew();
        using var loader = job.Load(dataset);
        using var epoch = loader.GetEnumerator();
        epoch.MoveNext();
        return clock.Elapsed.TotalMilliseconds;
    }

    /// <summary>How long steps wait when training takes longer: an epoch's first, and the others.</summary>
    private static (List<double> Starts, List<double> Others) WaitsBehind(VocSegDataLoader loader, int sleep)
    {
        var (starts, others, clock) = (new List<double>(), new List<double>(), Stopwatch.StartNew());
        for (var epochs = 0; others.Count < Waits; epochs++)
        {
            using var epoch = loader.GetEnumerator();
            for (var waits = starts; epoch.MoveNext(); waits = others)
            {
                // Nothing slow came before the very first one.
                if (epochs > 0 || waits == others)
                    waits.Add(clock.Elapsed.TotalMilliseconds);
                Thread.Sleep(sleep);
                clock.Restart();
            }
        }
        return (starts, others);
    }
}
