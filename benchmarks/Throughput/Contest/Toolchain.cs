using System.ComponentModel;

namespace Throughput;

/// <summary>What contestants of other languages need, or why it is missing: a Python with torch, the compiled limits.</summary>
internal sealed record Toolchain(string Python, string? Versions, string? PythonMissing, string Limits, string? LimitsMissing)
{
    private const string AskVersions =
        """
        import platform, torch, torchvision, PIL, numpy
        print(f'Python {platform.python_version()}, torch {torch.__version__}, torchvision {torchvision.__version__}, '
            f'Pillow {PIL.__version__}, numpy {numpy.__version__}')
        """;

    /// <summary>The repository, or a pack of <c>eng/gpu-smoke.sh</c>: peers and limits are run from there.</summary>
    internal static string Home { get; } = FindHome(AppContext.BaseDirectory);

    /// <summary>This program, as a command.</summary>
    internal static string[] Self { get; } = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? [Environment.ProcessPath!, typeof(Toolchain).Assembly.Location]
        : [Environment.ProcessPath!];

    internal static Toolchain Find()
    {
        var chosen = Environment.GetEnvironmentVariable("PYTHON");
        // The system's own comes first: it is the one that sees the distribution's torch.
        string[] pythons = string.IsNullOrEmpty(chosen) ? ["/usr/bin/python3", "python3", "python"] : [chosen];
        var versions = "";
        var python = pythons.FirstOrDefault(one => TryRun([one, "-W", "ignore", "-c", AskVersions], out versions));
        var missing = $"no torch, torchvision, PIL and numpy in {string.Join(", ", pythons)}";

        var source = Path.Combine(Home, "benchmarks", "limits.c");
        // A pack brings it along: where it runs, headers may be missing.
        var limits = Path.ChangeExtension(source, null);
        var error = "";
        if (!File.Exists(limits))
        {
            limits = Path.Combine(Directory.CreateDirectory(Path.Combine(Home, "data", "bench")).FullName, "limits");
            if (!TryRun(["cc", "-O3", "-o", limits, source, "-pthread", "-ljpeg", "-lpng"], out error))
                error = $"does not compile (Debian: gcc libjpeg-dev libpng-dev): {error.Split('\n')[0]}";
        }
        return new(
            python ?? "", python is null ? null : versions.Trim(), python is null ? missing : null, limits, error == "" ? null : error);
    }

    internal static bool TryRun(string[] command, out string text)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false };
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            text = process.ExitCode == 0 ? text : errors.Result;
            return process.ExitCode == 0;
        }
        catch (Win32Exception error)
        {
            text = error.Message;
            return false;
        }
    }

    private static string FindHome(string? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder, "benchmarks", "peers.py")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The benchmarks run from the repository or a pack only.");
    }
}
