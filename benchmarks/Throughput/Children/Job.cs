using Options;

namespace Throughput;

/// <summary>What this program does as a child of itself: batches of 320x480 crops.</summary>
internal sealed record Job(
    [property: Setting("--seconds X", "The least time of a turn.")] double Seconds = Settings.Seconds,
    [property: Setting("--repeats N", "Figures of each kind.")] int Repeats = 1,
    [property: Setting("--batch-size N", "Samples in a batch.")] int BatchSize = Job.UsualBatch)
    : DataSettings
{
    internal const int UsualBatch = 64;
    internal const double BatchPixels = UsualBatch * 320.0 * 480;

    /// <summary>By the first word of the command line.</summary>
    internal static IReadOnlyDictionary<string, Action<Job>> Children { get; } = new Dictionary<string, Action<Job>>
    {
        ["ours"] = Serving.Ours,
        ["raw"] = Serving.Raw,
        ["steadiness"] = Steadiness.Measure,
        ["disk"] = Disk.Measure,
        ["device-ops"] = DeviceOps.Measure,
        ["training"] = TrainingWaits.Measure,
    };

    internal bool OnGpu => Device.Text != "cpu";

    internal VocSegDataset OpenDataset(SampleCatalog? catalog = null) =>
        new(catalog ?? SampleCatalog.FromVoc(Root!, "train"), Data);

    internal VocSegDataLoader Load(VocSegDataset dataset, int fewer = 1) => new(
        dataset,
        new() { BatchSize = BatchSize / fewer, Shuffle = true, DropLast = true, Workers = Workers, Cache = Cache });

    /// <summary>A GPU works behind its host: what is queued there is not done before this returns.</summary>
    internal void FinishQueue()
    {
        if (OnGpu)
            torch.cuda.synchronize(Device.Open());
    }

    /// <summary>The time until the device has done what is queued so many times.</summary>
    internal double Milliseconds(int times, Action queue)
    {
        FinishQueue();
        var clock = Stopwatch.StartNew();
        for (var time = 0; time < times; time++)
            queue();
        FinishQueue();
        return clock.Elapsed.TotalMilliseconds;
    }

    /// <returns>How many images an epoch had, of which nothing is kept but what the loader caches.</returns>
    internal static long RunEpoch(VocSegDataLoader loader) => loader.Sum(batch => (long)batch.Indices.Count);

    /// <summary>Runs epochs until the cache holds every sample: each leaves out what makes no whole batch.</summary>
    internal static void FillCache(VocSegDataLoader loader)
    {
        for (var epoch = 0; epoch < 6 && loader.Options.Cache != SampleCache.None; epoch++)
            RunEpoch(loader);
    }

    /// <summary>Batches over the borders of epochs.</summary>
    internal static IEnumerator<VocSegBatch> Endless(VocSegDataLoader loader) =>
        Enumerable.Repeat(loader, int.MaxValue).SelectMany(epoch => epoch).GetEnumerator();

    /// <summary>A line that <see cref="Measurement"/> reads.</summary>
    internal static void Say(string name, double value) => Console.WriteLine($"{name}={value:R}");
}
