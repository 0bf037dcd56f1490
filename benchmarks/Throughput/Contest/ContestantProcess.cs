using System.Diagnostics;
using System.Globalization;

namespace Throughput.Contest;

/// <summary>
/// A contestant as a process that waits on its input between its turns. It says READY with what its batches hold after a first epoch, then
/// "images seconds" for each GO.
/// </summary>
internal sealed class ContestantProcess : IDisposable
{
    private readonly TimeSpan patience;
    private readonly Process process;
    private string lastError = "";

    internal ContestantProcess(Contestant contestant, string root, BenchSettings settings, TimeSpan? patience = null)
    {
        this.patience = patience ?? TimeSpan.FromSeconds(90);
        var start = new ProcessStartInfo(contestant.Command[0], [.. contestant.Command.Skip(1), "--root", root, "--seconds", settings.Seconds.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in contestant.Environment)
            start.Environment[name] = value;
        process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) =>
        {
            if (!string.IsNullOrWhiteSpace(line.Data))
                lastError = line.Data;
        };
        process.BeginErrorReadLine();
    }

    /// <summary>The most memory seen while it was not measured.</summary>
    internal long PeakMemory { get; private set; }

    /// <summary>Waits for the end of the warm-up, with an eye on memory.</summary>
    /// <returns>What it says about itself.</returns>
    internal Dictionary<string, string> WaitUntilReady()
    {
        var line = process.StandardOutput.ReadLineAsync();
        var clock = Stopwatch.StartNew();
        while (!line.Wait(TimeSpan.FromMilliseconds(100)))
        {
            SampleMemory();
            if (clock.Elapsed > patience)
                throw Late("was not ready");
        }
        if (line.Result is not { } ready || !ready.StartsWith("READY", StringComparison.Ordinal))
            throw Ended();
        return Fields(ready.Split(' ').Skip(1));
    }

    internal Turn Go()
    {
        process.StandardInput.WriteLine("GO");
        process.StandardInput.Flush();
        var line = process.StandardOutput.ReadLineAsync();
        if (!line.Wait(patience))
            throw Late("did not end its turn");
        if (line.Result?.Split(' ') is not [var images, var seconds])
            throw Ended();
        SampleMemory();
        return new(Number(images), Number(seconds));
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

    private void SampleMemory() => PeakMemory = Math.Max(PeakMemory, ProcessMemory.Peak(process.Id));

    private ContestantException Late(string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{what} within {patience.TotalSeconds:0.#} s") + (lastError.Length > 0 ? $"; last it said: {lastError}" : ""));

    private ContestantException Ended()
    {
        process.WaitForExit(TimeSpan.FromSeconds(2));
        return new(lastError.Length > 0 ? lastError : "ended early");
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static Dictionary<string, string> Fields(IEnumerable<string> words) =>
        words.Select(word => word.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
}
