using Options;
using SyntheticVoc;

namespace Throughput;

internal sealed record Settings(
    [property: Setting("--rounds N", "Turns of every contestant; 2 with --quick.")] int Rounds = 5,
    [property: Setting("--quick", "Only those that matter most.")] bool Quick = false,
    [property: Setting("--only A,B", "Names of contestants; nothing is measured beside them.")] string? Only = null,
    [property: Setting("--out FILE", "Where the report goes.")] string? Output = null,
    [property: Setting("--try-out", "A GPU's contestants on the CPU: whether they work.")] bool TryOut = false)
    : ISettings
{
    /// <summary>The least time of a turn.</summary>
    internal const double Seconds = 2;

    [Setting("--device DEVICE", "cpu, cuda or cuda:N.")]
    public DeviceName Device { get; init; } = new("cpu");

    internal bool OnGpu => Device.Text != "cpu";

    /// <summary>Whether contestants, measurements and bars are those of a GPU.</summary>
    internal bool ForGpu => OnGpu || TryOut;
}

/// <summary>A whole run: contestants in rounds, what is measured beside them, report.</summary>
internal static class Bench
{
    // As many as VOC's train split has, where a batch takes so little that an epoch's begin counts.
    private const int Few = 512, AsVoc = 1464;

    internal static int Run(Settings settings)
    {
        settings.Device.Open();
        var (clock, tools, figures) = (Stopwatch.StartNew(), Toolchain.Find(), new Figures(settings));
        var all = Roster.For(settings, tools);
        var roster = all.Where(one => settings.Only?.Split(',').Contains(one.Name) != false).ToList();
        if (roster.Count == 0)
            throw new ArgumentException($"--only names none of {string.Join(", ", all.Select(one => one.Name))}.");

        Contest("4:2:0", settings.ForGpu ? AsVoc : Few, ChromaSubsampling.Chroma420, roster);
        // What stays in memory is the same there for both sets.
        var decoding = roster.Where(one => !one.Part.HasFlag(Part.Memory)).ToList();
        if (!settings.ForGpu && !settings.Quick && decoding.Count > 0)
            Contest("4:4:4", Few, ChromaSubsampling.Chroma444, decoding);
        figures.Machine = [.. Report.Machine(tools, figures)];
        var text = Write();
        // A lent machine's time is short.
        var patience = TimeSpan.FromMinutes(settings.ForGpu ? 2 : 15);
        foreach (var (name, child, images) in settings.Only is null ? Measurements(settings) : [])
        {
            string[] job = ["--root", Set(images, ChromaSubsampling.Chroma420), "--device", $"{settings.Device}"];
            string[] command = [.. Toolchain.Self, .. child.Split(' '), .. job];
            figures.Measured[name] = Measurement.OfChild(name, command, patience);
            // Again each time: on a lent machine a run may be cut off.
            text = Write();
        }
        Console.Write($"\n{text}");
        return 0;

        void Contest(string chroma, int images, ChromaSubsampling subsampling, List<Contestant> contestants)
        {
            Console.WriteLine($"{chroma}: {images} images");
            figures.Contests.Add(($"{chroma} images", Rounds.Run(contestants, Set(images, subsampling), settings)));
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

    /// <summary>The root of a generated set; made where it is not there.</summary>
    private static string Set(int images, ChromaSubsampling subsampling) => SyntheticVocGenerator.Generate(
        Path.Combine(Toolchain.Home, "data", "bench", $"{subsampling}-{images}"),
        new() { Train = images, Val = 0, Subsampling = subsampling });

    /// <summary>Names, children with their arguments, and the images of the set that they work on.</summary>
    internal static (string Name, string Child, int Images)[] Measurements(Settings settings)
    {
        var (repeats, steps) = settings.Quick ? (3, 34) : (9, 102);
        var training = settings.OnGpu ? $"training --repeats {steps}" : "training --repeats 3 --batch-size 8";
        return settings switch
        {
            { ForGpu: true } =>
            [
                ("device cache", $"device-ops --cache device --repeats {repeats}", AsVoc),
                ("training, uncached", training, AsVoc),
                ("training, device cache", $"{training} --cache device", AsVoc),
            ],
            { Quick: true } => [("steadiness, uncached", "steadiness", Few)],
            _ =>
            [
                ("steadiness, uncached", "steadiness", Few),
                ("steadiness, host cache", "steadiness --cache host", Few),
                ("disk cache", $"disk --repeats {repeats}", AsVoc),
            ],
        };
    }
}
