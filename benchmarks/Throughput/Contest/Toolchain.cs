using System.ComponentModel;
using System.Diagnostics;

namespace Throughput.Contest;

/// <summary>What contestants of other languages need: a Python that has torch, a C compiler.</summary>
internal sealed class Toolchain
{
    private readonly Dictionary<string, (string Path, string? Missing)> compiled = new(StringComparer.Ordinal);

    private Toolchain()
    {
    }

    /// <summary>This program, as a command.</summary>
    internal static IReadOnlyList<string> Self { get; } =
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.ProcessPath!, typeof(Toolchain).Assembly.Location]
            : [Environment.ProcessPath!];

    internal string? Python { get; private init; }

    internal string? PythonMissing { get; private init; }

    /// <summary>The versions of Python and of what it imports.</summary>
    internal string? PythonVersions { get; private init; }

    internal static Toolchain Find(string repository)
    {
        const string versions = "import platform, torch, torchvision, PIL, numpy; print(f'Python {platform.python_version()}, torch {torch.__version__}, torchvision {torchvision.__version__}, Pillow {PIL.__version__}, numpy {numpy.__version__}')";
        Toolchain? tools = null;
        // The system's own comes first: it is the one that sees the distribution's torch.
        foreach (var python in new[] { Environment.GetEnvironmentVariable("PYTHON"), "/usr/bin/python3", "python3", "python" })
        {
            if (tools is null && !string.IsNullOrEmpty(python) && TryRun([python, "-W", "ignore", "-c", versions], out var text))
                tools = new() { Python = python, PythonVersions = text.Trim() };
        }
        tools ??= new() { PythonMissing = "no Python with torch, torchvision and PIL (Debian: python3-torch python3-torchvision python3-pil)" };

        var sources = Path.Combine(repository, "benchmarks", "limits");
        var programs = Directory.CreateDirectory(Path.Combine(repository, "data", "bench", "limits")).FullName;
        tools.Compile(sources, programs, "decode_only", "-ljpeg", "-lpng");
        tools.Compile(sources, programs, "bandwidth");
        return tools;
    }

    internal (string Path, string? Missing) Compiled(string program) => compiled[program];

    private void Compile(string sources, string programs, string name, params string[] libraries)
    {
        // A pack brings them along: where it runs, headers may be missing.
        var packed = Path.Combine(sources, name);
        if (File.Exists(packed))
        {
            compiled[name] = (packed, null);
            return;
        }
        var program = Path.Combine(programs, name);
        string? missing = null;
        if (OperatingSystem.IsWindows())
            missing = "not for Windows";
        else if (!TryRun(["cc", "-O3", "-o", program, Path.Combine(sources, name + ".c"), "-pthread", .. libraries], out var error))
            missing = error.Length == 0 ? "no C compiler (Debian: gcc libjpeg-dev libpng-dev)" : $"does not compile: {error.Split('\n')[0]}";
        compiled[name] = (program, missing);
    }

    internal static bool TryRun(IReadOnlyList<string> command, out string text)
    {
        text = "";
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
                text = errors.Result;
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
