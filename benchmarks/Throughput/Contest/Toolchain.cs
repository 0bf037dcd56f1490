namespace Throughput;

/// <summary>What contestants of other languages need, or why it is missing: a Python with torch, the compiled limits.</summary>
internal sealed record Toolchain(string? Python, string Versions, string Limits, string? LimitsMissing)
{
    private const string AskVersions = "import platform, torch, torchvision, PIL, numpy; print(f'Python " +
        "{platform.python_version()}, torch {torch.__version__}, torchvision {torchvision.__version__}, " +
        "Pillow {PIL.__version__}, numpy {numpy.__version__}')";

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
        var said = "";
        var python = pythons.FirstOrDefault(one => TryRun([one, "-W", "ignore", "-c", AskVersions], out said));
        var versions = python is null ? $"no torch, torchvision, PIL and numpy in {string.Join(", ", pythons)}: {said}" : said;

        var source = Path.Combine(Home, "benchmarks", "limits.c");
        // A pack brings it along: where it runs, headers may be missing.
        var limits = Path.ChangeExtension(source, null);
        if (File.Exists(limits))
            return new(python, versions, limits, null);
        limits = Path.Combine(Directory.CreateDirectory(Path.Combine(Home, "data", "bench")).FullName, "limits");
        return TryRun(["cc", "-O3", "-o", limits, source, "-pthread", "-ljpeg", "-lpng"], out said)
            ? new(python, versions, limits, null)
            : new(python, versions, limits, $"does not compile (Debian: gcc libjpeg-dev libpng-dev): {said}");
    }

    /// <param name="command">Program and arguments.</param>
    /// <param name="said">A line that it said, or why it failed.</param>
    internal static bool TryRun(string[] command, out string said)
    {
        said = "";
        try
        {
            using var child = new Child(command);
            while (child.ReadLine("did not end", TimeSpan.FromSeconds(90)) is { } line)
                said = line;
            var failure = child.Failure();
            said = failure ?? said;
            return failure is null;
        }
        catch (Exception error) when (error is ChildException or System.ComponentModel.Win32Exception)
        {
            said = error.Message;
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
