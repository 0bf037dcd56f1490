namespace Throughput;

/// <summary>What contestants need: a Python with torch and the compiled limits, or why they are missing.</summary>
internal sealed record Toolchain(
    string Versions, string[] Peers, string? PeersMissing, string Limits, string? LimitsMissing)
{
    /// <summary>With any program that says little.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private const string AskVersions = "import platform, torch, torchvision, PIL, numpy; print(f'Python " +
        "{platform.python_version()}, torch {torch.__version__}, torchvision {torchvision.__version__}, " +
        "Pillow {PIL.__version__}, numpy {numpy.__version__}')";

    /// <summary>The repository, or a pack of <c>eng/gpu-smoke.sh</c>: peers and limits are run from there.</summary>
    internal static string Home { get; } = FindHome(AppContext.BaseDirectory);

    internal static string[] Self { get; } = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? [Environment.ProcessPath!, typeof(Toolchain).Assembly.Location]
        : [Environment.ProcessPath!];

    internal static Toolchain Find()
    {
        var chosen = Environment.GetEnvironmentVariable("PYTHON");
        // The system's own comes first: it is the one that sees the distribution's torch.
        string[] pythons = string.IsNullOrEmpty(chosen) ? ["/usr/bin/python3", "python3", "python"] : [chosen];
        var versions = "";
        string[] ask = ["-W", "ignore", "-c", AskVersions];
        var python = pythons.FirstOrDefault(it => Child.Run([it, .. ask], Patience, out versions) is null);
        var missing = python is null ? $"no torch, torchvision, PIL and numpy in {string.Join(", ", pythons)}" : null;
        string[] peers = [python ?? "", "-B", "-W", "ignore", Path.Combine(Home, "benchmarks", "peers.py")];

        var source = Path.Combine(Home, "benchmarks", "limits.c");
        // A pack brings it along: where it runs, headers may be missing.
        var limits = Path.ChangeExtension(source, null);
        if (File.Exists(limits))
            return new(missing ?? versions, peers, missing, limits, null);
        limits = Path.Combine(Directory.CreateDirectory(Path.Combine(Home, "data", "bench")).FullName, "limits");
        var failure = Child.Run(["cc", "-O3", "-o", limits, source, "-pthread", "-ljpeg", "-lpng"], Patience, out _);
        var remedy = failure is null ? null : $"does not compile (Debian: gcc libjpeg-dev libpng-dev): {failure}";
        return new(missing ?? versions, peers, missing, limits, remedy);
    }

    private static string FindHome(string? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder, "benchmarks", "peers.py")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The benchmarks run from the repository or a pack only.");
    }
}
