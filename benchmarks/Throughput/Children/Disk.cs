namespace Throughput;

/// <summary>
/// What a disk cache gives to processes that have just begun. Its file is in memory already, as after another run. In
/// turn with each of them works a loader in this process, whose cache on the host is full.
/// </summary>
internal static class Disk
{
    internal const string Reader = "disk-reader";
    internal const string Start = "process to first batch, ms";
    internal const string First = "first epoch of a process / later ones of the host cache";
    internal const string FirstLimit = "limit of it: the host cache with new memory for batches / the same";
    internal const string Shared = "memory of two processes / of one (PSS)";
    internal const string SharedLimit = "limit of it: 1 + the second one's batches / memory of one";
    private const string Later = "later epochs", Next = "the first epoch of another loader";

    internal static void Measure(Job job)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Toolchain.Home, "data", "bench", "disk")).FullName;
        string[] command = [.. Toolchain.Self, Reader, job.Root!, folder];
        try
        {
            // The first one writes the file.
            using (var writer = new Child(command))
                Hear(writer);
            SayMemory(command, folder);
            using var dataset = job.OpenDataset();
            using var host = (job with { Cache = SampleCache.Host }).Load(dataset);
            using var anew = new VocSegDataLoader(dataset, host.Options with { PrefetchNextEpoch = false });
            Job.FillCache(host);
            Job.FillCache(anew);
            for (var repeat = 0; repeat < job.Repeats; repeat++)
            {
                var before = LaterEpochs(host);
                FreeBatches(anew);
                double rate;
                var begin = Stopwatch.GetTimestamp();
                using (var child = new Child(command))
                {
                    var (batch, first, _) = Hear(child);
                    rate = (before + LaterEpochs(host)) / 2;
                    var later = Ask(child, Later);
                    Job.Say(Start, Stopwatch.GetElapsedTime(begin, (long)batch).TotalMilliseconds);
                    Job.Say("first epoch of a process, images/s", first);
                    Job.Say("its later epochs, images/s", later);
                    Job.Say("later epochs of the host cache meanwhile, images/s", rate);
                    Job.Say(First, first / rate);
                    Job.Say("first epoch of the process's next loader / the same", Ask(child, Next) / rate);
                    Job.Say("later epochs of the process / the same", later / rate);
                }
                // In what that process has freed.
                Job.Say(FirstLimit, Epoch(anew) / rate);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The new process, bare as a user's own: its first epoch, then what is asked for.</summary>
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
        var wish = Console.In.ReadLine();
        for (; wish == Later; wish = Console.In.ReadLine())
            Console.WriteLine($"0 {LaterEpochs(loader)} 0");
        loader.Dispose();
        using var next = wish == Next ? job.Load(dataset) : null;
        Console.WriteLine(next is null ? "" : $"0 {Epoch(next)} 0");
        return 0;
    }

    /// <returns>When its first batch came, images a second of its last epochs, and the bytes of its batches.</returns>
    private static (double FirstBatch, double Rate, double Bytes) Hear(Child child)
    {
        var line = child.ReadLine("did not end its epoch", Toolchain.Patience);
        return line?.Split(' ').Select(double.Parse).ToArray() is [var batch, var rate, var bytes]
            ? (batch, rate, bytes) : throw new IOException($"The new process failed: {child.Failure()}.");
    }

    private static double Ask(Child child, string wish)
    {
        child.WriteLine(wish);
        return Hear(child).Rate;
    }

    private static double Epoch(VocSegDataLoader loader)
    {
        var clock = Stopwatch.StartNew();
        return Job.RunEpoch(loader) / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Images a second from the end of an epoch on: as much is made ahead before as behind.</summary>
    private static double LaterEpochs(VocSegDataLoader loader)
    {
        Job.RunEpoch(loader);
        var clock = Stopwatch.StartNew();
        return (Job.RunEpoch(loader) + Job.RunEpoch(loader)) / clock.Elapsed.TotalSeconds;
    }

    /// <summary>
    /// Takes its memory for batches from a loader that makes nothing ahead of an epoch. A virtual machine gives its
    /// host what is free for some seconds, and to get it back takes longer than all that is measured here; what is
    /// freed at this moment is still there for a new process.
    /// </summary>
    private static void FreeBatches(VocSegDataLoader loader)
    {
        // Who keeps the last batches has all of that memory.
        var last = loader.Count - loader.Options.Prefetch - 1;
        foreach (var (image, label) in loader.Where((_, at) => at >= last).Select(batch => batch.Detach()).ToList())
        {
            image.Dispose();
            label.Dispose();
        }
    }

    private static void SayMemory(string[] command, string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            Job.Say($"{Shared}: only Linux knows it", double.NaN);
            return;
        }
        using var one = new Child(command);
        Hear(one);
        Ask(one, Later);
        var alone = ProportionalSet(one, folder);
        using var two = new Child(command);
        var batches = Hear(two).Bytes;
        Ask(two, Later);
        var (own, other) = (ProportionalSet(one, folder), ProportionalSet(two, folder));
        Job.Say("memory of one process (PSS), MB", alone.All / 1e6);
        Job.Say("of it pages of the cache, MB", alone.Pages / 1e6);
        Job.Say(Shared, (own.All + other.All) / alone.All);
        Job.Say(SharedLimit, 1 + batches / alone.All);
        Job.Say("pages of the cache in two processes / in one", (own.Pages + other.Pages) / alone.Pages);
    }

    /// <summary>Bytes, where a page of several processes counts in part; and those of a folder's files.</summary>
    private static (double All, double Pages) ProportionalSet(Child child, string folder)
    {
        var (all, pages, isPages) = (0.0, 0.0, false);
        foreach (var line in File.ReadLines($"/proc/{child.Id}/smaps"))
        {
            // A mapping's lines begin with capitals, but for the first one, which names its file.
            isPages = char.IsUpper(line[0]) ? isPages : line.Contains(folder, StringComparison.Ordinal);
            var bytes = line.StartsWith("Pss:", StringComparison.Ordinal) ? 1024 * double.Parse(line[4..^2]) : 0;
            (all, pages) = (all + bytes, pages + (isPages ? bytes : 0));
        }
        return (all, pages);
    }
}
