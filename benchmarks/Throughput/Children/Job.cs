using System.Globalization;

namespace Throughput;

/// <summary>What this program does as a child of itself: batches of 320x480 crops.</summary>
internal sealed record Job(
    string Root, double Seconds, int Workers, SampleCache Cache, torch.Device Device, int Repeats, int BatchSize)
{
    internal const int UsualBatchSize = 64;

    internal static ImageSize Crop { get; } = new(320, 480);

    /// <summary>By the first word of the command line.</summary>
    internal static IReadOnlyDictionary<string, Action<Job>> Children { get; } = new Dictionary<string, Action<Job>>
    {
        ["ours"] = Serving.Ours,
        ["raw"] = Serving.Raw,
        ["steadiness"] = Steadiness.Measure,
        ["device-ops"] = DeviceOps.Measure,
        ["kernels"] = KernelTimes.Measure,
        ["training"] = TrainingWaits.Measure,
    };

    internal bool OnGpu => Device.type == DeviceType.CUDA;

    /// <param name="pairs">Options and their values.</param>
    internal static Job Parse(string[] pairs)
    {
        var given = pairs.Chunk(2).ToDictionary(pair => pair[0], pair => pair[^1]);
        string Get(string name, string usual) => given.GetValueOrDefault(name, usual);
        int Count(string name, int usual) => int.Parse(Get(name, $"{usual}"), CultureInfo.InvariantCulture);
        return new(
            Get("--root", "."),
            double.Parse(Get("--seconds", "2"), CultureInfo.InvariantCulture),
            Count("--workers", Environment.ProcessorCount),
            Enum.Parse<SampleCache>(Get("--cache", "none"), ignoreCase: true),
            torch.device(Get("--device", "cpu")),
            Count("--repeats", 1),
            Count("--batch", UsualBatchSize));
    }

    /// <param name="split">A list of the set, or the path of another.</param>
    internal VocSegDataset OpenDataset(string split = "train") => new(Root, split, new() { Crop = Crop, Device = Device });

    internal VocSegDataLoader Open(VocSegDataset dataset, int? batchSize = null) => new(dataset, new()
    {
        BatchSize = batchSize ?? BatchSize, Shuffle = true, DropLast = true, Workers = Workers, Cache = Cache,
    });

    /// <summary>A GPU works behind its host: what is queued there is not done before this returns.</summary>
    internal void FinishQueue()
    {
        if (OnGpu)
            torch.cuda.synchronize(Device);
    }

    /// <summary>The time until the device has done what is queued.</summary>
    internal double Milliseconds(Action queue)
    {
        FinishQueue();
        var start = Stopwatch.GetTimestamp();
        queue();
        FinishQueue();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>One epoch, of which nothing is kept but what the loader caches.</summary>
    /// <returns>How many images it had.</returns>
    internal static long RunEpoch(VocSegDataLoader loader) => loader.Sum(batch => (long)batch.Indices.Count);

    /// <summary>Runs epochs until the cache holds every sample: each leaves out what makes no whole batch.</summary>
    internal static void FillCache(VocSegDataLoader loader)
    {
        for (var epoch = 0; epoch < 6 && loader.Options.Cache != SampleCache.None; epoch++)
            RunEpoch(loader);
    }

    /// <summary>Batches over the borders of epochs.</summary>
    internal static IEnumerable<VocSegBatch> Endless(VocSegDataLoader loader) =>
        Enumerable.Repeat(loader, int.MaxValue).SelectMany(epoch => epoch);

    /// <summary>A line that <see cref="Measurement"/> reads.</summary>
    internal static void Say(string name, double value) => Console.WriteLine($"{name}={value:R}");
}
