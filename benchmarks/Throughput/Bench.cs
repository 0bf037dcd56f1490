using SyntheticVoc;

namespace Throughput;

/// <summary>What the command line asks for.</summary>
internal sealed record Settings(string Device, bool TryOut = false, bool Quick = false, int Rounds = 5)
{
    /// <summary>The least time of a turn.</summary>
    internal const double Seconds = 2;

    internal string[]? Only { get; init; }

    internal string? Output { get; init; }

    internal bool OnGpu => Device != "cpu";

    /// <summary>Whether contestants, measurements and bars are those of a GPU.</summary>
    internal bool ForGpu => OnGpu || TryOut;
}

/// <summary>A whole run: contestants in rounds, what is measured beside them, report.</summary>
internal static class Bench
{
    internal static int Run(Settings settings)
    {
        if (settings.OnGpu && !torch.cuda.is_available())
            throw new ArgumentException(
                $"--device {settings.Device}: no CUDA device; libtorch {torch.__version__} finds none.");
        var (clock, tools, figures) = (Stopwatch.StartNew(), Toolchain.Find(), new Figures(settings));
        var all = Roster.For(settings, tools);
        var roster = all.Where(one => settings.Only?.Contains(one.Name) != false).ToList();
        if (roster.Count == 0)
            throw new ArgumentException($"--only names none of {string.Join(", ", all.Select(one => one.Name))}.");

        // As many as VOC's train split has where a batch takes so little that an epoch's begin counts.
        var root = Contest("4:2:0", settings.ForGpu ? 1464 : 512, ChromaSubsampling.Chroma420, roster);
        // What stays in memory is the same there for both sets.
        var decoding = roster.Where(one => !one.Part.HasFlag(Part.Memory)).ToList();
        if (!settings.ForGpu && !settings.Quick && decoding.Count > 0)
            Contest("4:4:4", 512, ChromaSubsampling.Chroma444, decoding);
        figures.Machine = [.. Report.Machine(tools, figures)];
        var text = Write();
        foreach (var (name, child, minutes) in settings.Only is null ? Measurements(settings) : [])
        {
            string[] command = [.. Toolchain.Self, .. child.Split(' '), "--root", root, "--device", settings.Device];
            figures.Measured[name] = Measurement.OfChild(name, command, TimeSpan.FromMinutes(minutes));
            // Again each time: on a lent machine a run may be cut off.
            text = Write();
        }
        Console.Write($"\n{text}");
        return 0;

        string Contest(string chroma, int images, ChromaSubsampling subsampling, List<Contestant> contestants)
        {
            var folder = Path.Combine(Toolchain.Home, "data", "bench", $"{subsampling}-{images}");
            Console.WriteLine($"{chroma}: {images} images in {folder}");
            var options = new SyntheticVocOptions { Train = images, Val = 0, Subsampling = subsampling };
            var made = SyntheticVocGenerator.Generate(folder, options);
            figures.Contests.Add(($"{chroma} images", Rounds.Run(contestants, made, settings)));
            return made;
        }

        string Write()
        {
            var report = Report.Write(figures, clock.Elapsed);
            var usual = Path.Combine(Toolchain.Home, "benchmarks", settings.OnGpu ? "RESULTS.gpu.md" : "RESULTS.md");
            if (settings.Output is not null || !(settings.Quick || settings.TryOut || settings.Only is not null))
                File.WriteAllText(settings.Output ?? usual, report);
            return report;
        }
    }

    /// <summary>Names, children with their arguments, patience: a lent machine's time is short.</summary>
    internal static (string Name, string Child, int Minutes)[] Measurements(Settings settings)
    {
        var (repeats, steps) = settings.Quick ? (3, 34) : (9, 102);
        var training = settings.OnGpu ? $"--repeats {steps}" : "--repeats 3 --batch 8";
        (string, string, int)[] steadiness =
            [("steadiness, uncached", "steadiness", 15), ("steadiness, host cache", "steadiness --cache host", 15)];
        if (!settings.ForGpu)
            return steadiness[..(settings.Quick ? 1 : 2)];
        return
        [
            ("device cache", $"device-ops --cache device --repeats {repeats}", 2),
            ("kernels", $"kernels --repeats {repeats}", 2),
            ("training, uncached", $"training {training}", 2),
            ("training, device cache", $"training --cache device {training}", 2),
        ];
    }
}
