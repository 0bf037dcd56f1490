using System.ComponentModel;

namespace Throughput;

/// <summary>What contestants of other languages need: a Python that has torch, the compiled limits.</summary>
/// <param name="Python">Null for none.</param>
/// <param name="Versions">Of Python and of what it imports, or why there is none.</param>
/// <param name="Limits">The program.</param>
/// <param name="LimitsMissing">Why there is none, else null.</param>
internal sealed record Toolchain(string? Python, string Versions, string Limits, string? LimitsMissing)
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

    internal string[] Peers => [Python ?? "", "-B", "-W", "ignore", Path.Combine(Home, "benchmarks", "peers.py")];

    internal string? PythonMissing => Python is null ? Versions : null;

    internal static Toolchain Find()
    {
        var chosen = Environment.GetEnvironmentVariable("PYTHON");
        // The system's own comes first: it is the one that sees the distribution's torch.
        string[] pythons = string.IsNullOrEmpty(chosen) ? ["/usr/bin/python3", "python3", "python"] : [chosen];
        var versions = "";
        var python = pythons.FirstOrDefault(python => TryRun([python, "-W", "ignore", "-c", AskVersions], out versions));
        if (python is null)
            versions = $"no torch, torchvision, PIL and numpy in {string.Join(", ", pythons)} " +
                "(Debian: python3-torch python3-torchvision python3-pil python3-numpy)";
        var (limits, missing) = CompileLimits(Path.Combine(Home, "benchmarks", "limits.c"));
        return new(python, versions.Trim(), limits, missing);
    }

    internal static bool TryRun(string[] command, out string text)
    {
        text = "";
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            text = process.ExitCode == 0 ? text : errors.Result;
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static (string Program, string? Missing) CompileLimits(string source)
    {
        // A pack brings it along: where it runs, headers may be missing.
        var packed = Path.ChangeExtension(source, null);
        if (File.Exists(packed))
            return (packed, null);
        var program = Path.Combine(Directory.CreateDirectory(Path.Combine(Home, "data", "bench")).FullName, "limits");
        if (TryRun(["cc", "-O3", "-o", program, source, "-pthread", "-ljpeg", "-lpng"], out var error))
            return (program, null);
        return (program, error == "" ? "no C compiler (Debian: gcc libjpeg-dev libpng-dev)" : error.Split('\n')[0]);
    }

    private static string FindHome(string? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder, "benchmarks", "peers.py")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The benchmarks run from the repository or a pack only.");
    }
}
