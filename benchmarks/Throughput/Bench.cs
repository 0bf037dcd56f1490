using SyntheticVoc;

namespace Throughput;

/// <summary>What the command line asks for.</summary>
internal sealed record Settings(string Device, bool TryOut = false)
{
    /// <summary>The least time of a turn.</summary>
    internal const double Seconds = 2;

    internal int Rounds { get; init; } = 5;

    internal bool Quick { get; init; }

    internal string[]? Only { get; init; }

    internal string? Output { get; init; }

    internal bool OnGpu => Device != "cpu";

    /// <summary>Whether contestants, measurements and bars are those of a GPU.</summary>
    internal bool ForGpu => OnGpu || TryOut;

    internal string? ResultsFile => Output ?? (Quick || TryOut || Only is not null
        ? null
        : Path.Combine(Toolchain.Home, "benchmarks", OnGpu ? "RESULTS.gpu.md" : "RESULTS.md"));
}

/// <summary>A whole run: contestants in rounds, what is measured beside them, report.</summary>
internal static class Bench
{
    internal static int Run(Settings settings)
    {
        if (settings.OnGpu && !torch.cuda.is_available())
            throw new ArgumentException($"--device {settings.Device}: libtorch {torch.__version__} finds no CUDA device.");
        var (clock, tools, figures) = (Stopwatch.StartNew(), Toolchain.Find(), new Figures(settings));
        var all = Roster.For(settings, tools);
        var roster = all.Where(one => settings.Only?.Contains(one.Name) != false).ToList();
        if (roster.Count == 0)
            throw new ArgumentException($"--only names none of {string.Join(", ", all.Select(one => one.Name))}.");

        // As many as VOC's train split has where a batch takes a fraction of a millisecond: an epoch's begin counts there.
        var root = Generate("4:2:0", settings.ForGpu ? 1464 : 512, ChromaSubsampling.Chroma420);
        figures.Contests.Add(("4:2:0 images", Rounds.Run(roster, root, settings)));
        // What stays in memory is the same there for both sets.
        var decoding = roster.Where(one => !one.Part.HasFlag(Part.Memory)).ToList();
        if (!settings.ForGpu && !settings.Quick && decoding.Count > 0)
        {
            var full = Generate("4:4:4", 512, ChromaSubsampling.Chroma444);
            figures.Contests.Add(("4:4:4 images", Rounds.Run(decoding, full, settings)));
        }
        figures.Machine = [.. Machine.Describe(tools, figures)];
        var text = Write();
        foreach (var (name, minutes, arguments) in settings.Only is null ? Measurements(settings) : [])
        {
            figures.Measured[name] = Measurement.OfChild(
                name, [.. Toolchain.Self, .. arguments.Split(' '), "--root", root, "--device", settings.Device],
                TimeSpan.FromMinutes(minutes));
            // Again each time: on a lent machine a run may be cut off.
            text = Write();
        }
        Console.Write($"\n{text}");
        return 0;

        string Write()
        {
            var report = Report.Write(figures, clock.Elapsed);
            if (settings.ResultsFile is { } file)
                File.WriteAllText(file, report);
            return report;
        }
    }

    private static string Generate(string chroma, int images, ChromaSubsampling subsampling)
    {
        var folder = Path.Combine(Toolchain.Home, "data", "bench", $"{chroma.Replace(":", "")}-{images}");
        Console.WriteLine($"{chroma}: {images} images in {folder}");
        return SyntheticVocGenerator.Generate(folder, new() { Train = images, Val = 0, Subsampling = subsampling });
    }

    /// <summary>Names, patience in minutes (a lent machine's time is short), arguments of the child.</summary>
    private static IEnumerable<(string Name, int Minutes, string Arguments)> Measurements(Settings settings)
    {
        var (repeats, steps) = settings.Quick ? (3, 34) : (9, 102);
        var training = settings.OnGpu ? $"--repeats {steps}" : "--repeats 3 --batch 8";
        return settings.ForGpu
            ?
            [
                ("device", 2, $"device-ops --cache device --repeats {repeats}"),
                ("kernels", 2, $"kernels --repeats {repeats}"),
                ("training, uncached", 2, $"training --cache none {training}"),
                ("training, device cache", 2, $"training --cache device {training}"),
            ]
            : [("uncached", 15, "steadiness --cache none"), .. Host()];

        IEnumerable<(string, int, string)> Host() => settings.Quick ? [] : [("host cache", 15, "steadiness --cache host")];
    }
}
