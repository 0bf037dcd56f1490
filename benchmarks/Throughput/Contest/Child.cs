namespace Throughput;

/// <summary>A child cannot go on.</summary>
internal sealed class ChildException(string message) : Exception(message);

/// <summary>A child whose lines are waited for with patience.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process process;
    private string lastError = "";

    internal Child(IReadOnlyList<string> command, bool hugePages = false)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false };
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        if (hugePages)
            start.Environment["GLIBC_TUNABLES"] = "glibc.malloc.hugetlb=1";
        process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => lastError = string.IsNullOrWhiteSpace(line.Data) ? lastError : line.Data;
        process.BeginErrorReadLine();
    }

    internal int Id => process.Id;

    /// <summary>The next line; null at the end.</summary>
    internal string? ReadLine(string late, TimeSpan patience, Action? meanwhile = null)
    {
        var line = process.StandardOutput.ReadLineAsync();
        for (var clock = Stopwatch.StartNew(); !line.Wait(TimeSpan.FromMilliseconds(100)); meanwhile?.Invoke())
        {
            if (clock.Elapsed > patience)
                throw new ChildException(LastWords($"{late} within {patience.TotalSeconds:0.#} s"));
        }
        return line.Result;
    }

    internal void WriteLine(string line)
    {
        process.StandardInput.WriteLine(line);
        process.StandardInput.Flush();
    }

    /// <summary>After the last line: how it ended; null for well.</summary>
    internal string? Failure()
    {
        process.WaitForExit(TimeSpan.FromSeconds(5));
        var status = process.HasExited ? process.ExitCode : -1;
        return status == 0 ? null : LastWords($"it ended with exit status {status}");
    }

    public void Dispose()
    {
        try
        {
            WriteLine("QUIT");
        }
        catch (IOException)
        {
            // It has ended by itself.
        }
        // One that hangs in a driver may not even die.
        if (!process.WaitForExit(TimeSpan.FromSeconds(5)))
            process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    private string LastWords(string what) => lastError == "" ? what : $"{what}; last it said: {lastError}";
}
