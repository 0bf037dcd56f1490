using System.Globalization;

namespace Throughput;

/// <summary>A contestant cannot go on.</summary>
internal sealed class ContestantException(string message) : Exception(message);

/// <summary>One turn of one contestant.</summary>
internal sealed record Turn(double Images, double Seconds)
{
    internal double Rate => Images / Seconds;
}

/// <summary>
/// A contestant as a process that waits on its input between its turns. It says READY with what its batches hold after a
/// first epoch, then "images seconds" for each GO.
/// </summary>
internal sealed class ContestantProcess : IDisposable
{
    private readonly TimeSpan patience;
    private readonly Process process;
    private string lastError = "";

    internal ContestantProcess(Contestant contestant, string root, Settings settings, TimeSpan? patience = null)
    {
        this.patience = patience ?? TimeSpan.FromSeconds(90);
        string[] job = ["--root", root, "--seconds", $"{Settings.Seconds}", "--device", settings.Device];
        var start = new ProcessStartInfo(contestant.Command[0], [.. contestant.Command.Skip(1), .. job])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (contestant.HugePages)
            start.Environment["GLIBC_TUNABLES"] = "glibc.malloc.hugetlb=1";
        process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => lastError = string.IsNullOrWhiteSpace(line.Data) ? lastError : line.Data;
        process.BeginErrorReadLine();
    }

    /// <summary>The most memory seen while it was not measured.</summary>
    internal long PeakMemory { get; private set; }

    /// <summary>Waits for the end of the warm-up, with an eye on memory.</summary>
    /// <returns>What it says about itself.</returns>
    internal Dictionary<string, string> WaitUntilReady() => Hear("was not ready") is { } line && line.StartsWith("READY")
        ? line.Split(' ').Skip(1).Select(word => word.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1])
        : throw Ended();

    internal Turn Go()
    {
        process.StandardInput.WriteLine("GO");
        process.StandardInput.Flush();
        if (Hear("did not end its turn", watch: false)?.Split(' ') is not [var images, var seconds])
            throw Ended();
        PeakMemory = Math.Max(PeakMemory, ProcessMemory.Peak(process.Id));
        return new(double.Parse(images, CultureInfo.InvariantCulture), double.Parse(seconds, CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        try
        {
            process.StandardInput.WriteLine("QUIT");
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended by itself.
        }
        if (!process.WaitForExit(TimeSpan.FromSeconds(5)))
            process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    private string? Hear(string late, bool watch = true)
    {
        var line = process.StandardOutput.ReadLineAsync();
        var clock = Stopwatch.StartNew();
        while (!line.Wait(watch ? TimeSpan.FromMilliseconds(100) : patience))
        {
            PeakMemory = Math.Max(PeakMemory, watch ? ProcessMemory.Peak(process.Id) : 0);
            if (clock.Elapsed >= patience)
                throw new ContestantException(
                    $"{late} within {patience.TotalSeconds:0.#} s" + (lastError == "" ? "" : $"; last it said: {lastError}"));
        }
        return line.Result;
    }

    private ContestantException Ended()
    {
        // The last of its words may still be on their way.
        process.WaitForExit(TimeSpan.FromSeconds(2));
        return new(lastError == "" ? "ended early" : lastError);
    }
}
