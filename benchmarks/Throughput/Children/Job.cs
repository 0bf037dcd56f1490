namespace Throughput;

/// <summary>What this program does as a child of itself: batches of 320x480 crops.</summary>
internal sealed record Job(
    string Root, double Seconds, int Workers, SampleCache Cache, torch.Device Device, int Repeats, int Batch)
{
    internal const int UsualBatch = 64;
    internal const double BatchPixels = UsualBatch * 320.0 * 480;

    /// <summary>By the first word of the command line.</summary>
    internal static IReadOnlyDictionary<string, Action<Job>> Children { get; } = new Dictionary<string, Action<Job>>
    {
        ["ours"] = Serving.Ours,
        ["raw"] = Serving.Raw,
        ["steadiness"] = Steadiness.Measure,
        ["device-ops"] = DeviceOps.Measure,
        ["kernels"] = Kernels.Measure,
        ["training"] = TrainingWaits.Measure,
    };

    internal static ImageSize Crop { get; } = new(320, 480);

    internal bool OnGpu => Device.type == DeviceType.CUDA;

    /// <param name="pairs">Options and their values.</param>
    internal static Job Parse(string[] pairs)
    {
        var given = pairs.Chunk(2).ToDictionary(pair => pair[0], pair => pair[^1]);
        string Get(string name, object usual) => given.GetValueOrDefault(name, $"{usual}");
        return new(
            given["--root"], double.Parse(Get("--seconds", 2)), int.Parse(Get("--workers", Environment.ProcessorCount)),
            Enum.Parse<SampleCache>(Get("--cache", "none"), ignoreCase: true), torch.device(Get("--device", "cpu")),
            int.Parse(Get("--repeats", 1)), int.Parse(Get("--batch", UsualBatch)));
    }

    /// <param name="split">A list of the set, or the path of another.</param>
    internal VocSegDataset OpenDataset(string split = "train") =>
        new(Root, split, new() { Transforms = [new RandomCrop(Crop)], Device = Device });

    internal VocSegDataLoader Load(VocSegDataset dataset, int fewer = 1) => new(
        dataset,
        new() { BatchSize = Batch / fewer, Shuffle = true, DropLast = true, Workers = Workers, Cache = Cache });

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
        var clock = Stopwatch.StartNew();
        queue();
        FinishQueue();
        return clock.Elapsed.TotalMilliseconds;
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
    internal static IEnumerator<VocSegBatch> Endless(VocSegDataLoader loader) =>
        Enumerable.Repeat(loader, int.MaxValue).SelectMany(epoch => epoch).GetEnumerator();

    /// <summary>A line that <see cref="Measurement"/> reads.</summary>
    internal static void Say(string name, double value) => Console.WriteLine($"{name}={value:R}");
}
