using System.Diagnostics;
using Throughput.Contest;
using VocSeg.Torch;

namespace Throughput.Loaders;

/// <summary>What a training loop notices besides throughput: memory that grows, garbage, the wait for the first batch and between batches.</summary>
internal static class Steadiness
{
    private const int Epochs = 20, FirstBatches = 9, LeastSleep = 50;

    internal static void Measure(Job job)
    {
        using var dataset = job.OpenDataset();
        Figure.Say("cold_first_ms", FirstBatch(dataset, job));

        using (var loader = new VocSegDataLoader(dataset, job.LoaderOptions()))
        {
            long images = 0, allocated = 0;
            var resident = new double[Epochs];
            var clock = new Stopwatch();
            Job.RunEpoch(loader);
            Job.RunEpoch(loader);
            for (var epoch = 0; epoch < Epochs; epoch++)
            {
                var before = GC.GetTotalAllocatedBytes(precise: true);
                clock.Start();
                images += Job.RunEpoch(loader);
                clock.Stop();
                allocated += GC.GetTotalAllocatedBytes(precise: true) - before;
                resident[epoch] = ProcessMemory.Resident();
            }
            var middle = Statistics.Median(resident);
            Figure.Say("allocated_per_sample", (double)allocated / images);
            Figure.Say("resident_mb", middle / 1e6);
            Figure.Say("resident_spread", resident.Max(value => Math.Abs(value / middle - 1)));

            // The sleep must be long enough for a batch to be made meanwhile.
            var batchTime = clock.Elapsed.TotalMilliseconds / images * job.BatchSize;
            MeasureWaits(loader, Math.Max(LeastSleep, (int)Math.Ceiling(1.25 * batchTime)));
        }
        Figure.Say("first_ms", Statistics.Median(Enumerable.Range(0, FirstBatches).Select(_ => FirstBatch(dataset, job))));
    }

    private static double FirstBatch(VocSegDataset dataset, Job job)
    {
        var clock = Stopwatch.StartNew();
        using var loader = new VocSegDataLoader(dataset, job.LoaderOptions());
        using var epoch = loader.GetEnumerator();
        epoch.MoveNext();
        return clock.Elapsed.TotalMilliseconds;
    }

    /// <summary>How long each step but an epoch's first waits for its batch when training takes longer than loading.</summary>
    private static void MeasureWaits(VocSegDataLoader loader, int sleep)
    {
        var waits = new List<double>();
        while (waits.Count < 60)
        {
            using var epoch = loader.GetEnumerator();
            var first = true;
            while (true)
            {
                var clock = Stopwatch.StartNew();
                if (!epoch.MoveNext())
                    break;
                if (!first)
                    waits.Add(clock.Elapsed.TotalMilliseconds);
                first = false;
                Thread.Sleep(sleep);
            }
        }
        waits.Sort();
        Figure.Say("sleep_ms", sleep);
        Figure.Say("wait_ms", waits[waits.Count / 2]);
        Figure.Say("wait_p95_ms", waits[waits.Count * 95 / 100]);
    }
}
