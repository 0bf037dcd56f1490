namespace Throughput;

/// <summary>A child process whose lines are waited for with patience.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process process;
    private string lastError = "";

    internal Child(IReadOnlyList<string> command, string? tunables = null)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false };
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        if (tunables is not null)
            start.Environment["GLIBC_TUNABLES"] = tunables;
        process = Process.Start(start)!;
        process.ErrorDataReceived += (_, it) => lastError = string.IsNullOrWhiteSpace(it.Data) ? lastError : it.Data;
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
                throw new TimeoutException(LastWords($"{late} within {patience.TotalSeconds:0.#} s"));
        }
        return line.Result;
    }

    /// <summary>Runs one to its end; kills one that takes too long, so that the run goes on.</summary>
    /// <returns>Why it failed, else null.</returns>
    internal static string? Run(
        IReadOnlyList<string> command, TimeSpan patience, out string lastLine, Action<string>? hear = null)
    {
        lastLine = "";
        try
        {
            var clock = Stopwatch.StartNew();
            using var child = new Child(command);
            for (; child.ReadLine("", patience - clock.Elapsed) is { } line; hear?.Invoke(line))
                lastLine = line;
            return child.Failure();
        }
        catch (TimeoutException)
        {
            return $"timed out after {patience.TotalSeconds:0.#} s";
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            return error.Message;
        }
    }

    internal void WriteLine(string line) => process.StandardInput.WriteLine(line);

    /// <summary>After the last line, and its last words: how it ended; null for well.</summary>
    internal string? Failure()
    {
        var ended = process.WaitForExitAsync().Wait(TimeSpan.FromSeconds(5)) || process.HasExited;
        var status = ended ? process.ExitCode : -1;
        return status == 0 ? null : LastWords($"it ended with exit status {status}");
    }

    public void Dispose()
    {
        // It ends with its input.
        process.StandardInput.Close();
        // One that hangs in a driver may not even die.
        if (!process.WaitForExit(TimeSpan.FromSeconds(5)))
            process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    /// <summary>
    /// Bytes of it and its children: the kernel's own peak (VmHWM) of a single process; of several the total of their
    /// proportional sets, in which shared pages count once. 0 where there is no <c>/proc</c>.
    /// </summary>
    internal long Memory()
    {
        var folders = Directory.Exists("/proc") ? Directory.GetDirectories("/proc") : [];
        var parents = folders.Where(path => char.IsDigit(path[6]))
            .ToLookup(path => Kilobytes(path, "status", "PPid:"), path => int.Parse(path[6..]));
        List<int> tree = [Id];
        for (var next = 0; next < tree.Count; next++)
            tree.AddRange(parents[tree[next]]);
        var (file, field) = tree.Count == 1 ? ("status", "VmHWM:") : ("smaps_rollup", "Pss:");
        return 1024 * tree.Sum(id => Kilobytes($"/proc/{id}", file, field));
    }

    /// <summary>Of a file such as <c>/proc/self/status</c> a field; 0 where it cannot be read.</summary>
    internal static long Kilobytes(string folder, string file, string field)
    {
        try
        {
            var line = File.ReadLines($"{folder}/{file}").First(it => it.StartsWith(field, StringComparison.Ordinal));
            return long.Parse(line[field.Length..].Replace("kB", ""));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return 0;
        }
    }

    private string LastWords(string what) => lastError == "" ? what : $"{what}; last it said: {lastError}";
}
