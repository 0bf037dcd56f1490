namespace Throughput;

/// <summary>
/// What a disk cache gives to processes that have just begun. Its file is in memory already, as after another run. In
/// turn with each of them works a loader in this process, whose cache on the host is full.
/// </summary>
internal static class Disk
{
    internal const string Reader = "disk-reader";
    internal const string Start = "disk cache, process to first batch, ms";
    internal const string First = "disk cache, first epoch of a process / host cache, later epochs";
    internal const string FirstLimit = "limit: host cache, where the batches' memory is new / the same";
    internal const string Shared = "disk cache, memory of two processes / of one (PSS)";
    internal const string SharedLimit = "limit: 1 + the second one's batches / memory of one";

    internal static void Measure(Job job)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Toolchain.Home, "data", "bench", "disk")).FullName;
        try
        {
            // The first one writes the file.
            new NewProcess(job, folder).Dispose();
            SayMemory(job, folder);
            using var dataset = job.OpenDataset();
            using var host = (job with { Cache = SampleCache.Host }).Load(dataset);
            using var anew = new VocSegDataLoader(dataset, host.Options with { PrefetchNextEpoch = false });
            Job.FillCache(host);
            Job.FillCache(anew);
            for (var repeat = 0; repeat < job.Repeats; repeat++)
            {
                var before = LaterEpochs(host);
                using var reader = new NewProcess(job, folder);
                var rate = (before + LaterEpochs(host)) / 2;
                var (later, limit) = (reader.LaterEpochs(), EpochInNewMemory(anew));
                Job.Say(Start, reader.Start);
                Job.Say("disk cache, first epoch of a process, images/s", reader.FirstEpoch);
                Job.Say("disk cache, later epochs, images/s", later);
                Job.Say("host cache, later epochs at that time, images/s", rate);
                Job.Say(First, reader.FirstEpoch / rate);
                Job.Say(FirstLimit, limit / rate);
                Job.Say("disk cache, later epochs / the same", later / rate);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The new process, bare as a user's own: its first epoch, then later ones for every GO.</summary>
    internal static int Read(string root, string folder)
    {
        var job = new Job { Root = root, Cache = SampleCache.Disk(folder) };
        using var dataset = job.OpenDataset();
        using var loader = job.Load(dataset);
        var (begin, first, images) = (Stopwatch.GetTimestamp(), 0L, 0L);
        foreach (var batch in loader)
        {
            first = first == 0 ? Stopwatch.GetTimestamp() : first;
            images += batch.Indices.Count;
        }
        Console.WriteLine($"{first} {images / Stopwatch.GetElapsedTime(begin).TotalSeconds} {loader.MemoryBytes}");
        while (Console.In.ReadLine() == "GO")
            Console.WriteLine(LaterEpochs(loader));
        return 0;
    }

    /// <summary>Images a second from the end of an epoch on: as much is made ahead before as behind.</summary>
    private static double LaterEpochs(VocSegDataLoader loader)
    {
        Job.RunEpoch(loader);
        var clock = Stopwatch.StartNew();
        return (Job.RunEpoch(loader) + Job.RunEpoch(loader)) / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Images a second of a loader that makes no batches ahead of its epochs.</summary>
    private static double EpochInNewMemory(VocSegDataLoader loader)
    {
        // Who keeps the last batches takes all the memory that the loader has for batches with them.
        var first = loader.Count - loader.Options.Prefetch - 1;
        foreach (var (image, label) in loader.Where((_, at) => at >= first).Select(batch => batch.Detach()).ToList())
        {
            image.Dispose();
            label.Dispose();
        }
        var clock = Stopwatch.StartNew();
        return Job.RunEpoch(loader) / clock.Elapsed.TotalSeconds;
    }

    private static void SayMemory(Job job, string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            Job.Say($"{Shared}: only Linux knows it", double.NaN);
            return;
        }
        using var one = new NewProcess(job, folder);
        one.LaterEpochs();
        var alone = one.Memory();
        using var two = new NewProcess(job, folder);
        two.LaterEpochs();
        var (own, other) = (one.Memory(), two.Memory());
        Job.Say("disk cache, memory of one process (PSS), MB", alone.All / 1e6);
        Job.Say("disk cache, its pages among it, MB", alone.File / 1e6);
        Job.Say(Shared, (own.All + other.All) / alone.All);
        Job.Say(SharedLimit, 1 + two.Batches / alone.All);
        Job.Say("disk cache, its pages among it of two processes / of one", (own.File + other.File) / alone.File);
    }

    /// <summary>One that has done its first epoch.</summary>
    private sealed class NewProcess : IDisposable
    {
        private readonly Child child;
        private readonly string folder;

        internal NewProcess(Job job, string folder)
        {
            this.folder = folder;
            var begin = Stopwatch.GetTimestamp();
            child = new([.. Toolchain.Self, Reader, job.Root!, folder]);
            var said = Hear();
            Start = Stopwatch.GetElapsedTime(begin, (long)said[0]).TotalMilliseconds;
            (FirstEpoch, Batches) = (said[1], said[2]);
        }

        /// <summary>Milliseconds to its first batch.</summary>
        internal double Start { get; }

        /// <summary>Images a second.</summary>
        internal double FirstEpoch { get; }

        /// <summary>The bytes that its loader has for batches.</summary>
        internal double Batches { get; }

        internal double LaterEpochs()
        {
            child.WriteLine("GO");
            return Hear()[0];
        }

        /// <summary>Its proportional set, in which a page of several processes counts in part; and of it the file.</summary>
        internal (double All, double File) Memory() => child.ProportionalSet(folder);

        public void Dispose() => child.Dispose();

        private double[] Hear() =>
            child.ReadLine("did not end its epoch", Toolchain.Patience)?.Split(' ').Select(double.Parse).ToArray()
            ?? throw new IOException($"A new process over the disk cache failed: {child.Failure()}.");
    }
}
