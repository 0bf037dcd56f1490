namespace VocSeg.Torch.Tests.SystemBackend.Native;

/// <summary>A folder laid out as libtorch's, and a compiler that preprocesses but else only notes what it is asked for.</summary>
internal sealed class LibtorchFolder : IDisposable
{
    private readonly TempFolder temp = new();

    public LibtorchFolder()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Run("g++", "--version") == 0, "no g++");
        Add("include/ATen/ATen.h", "");
        AddLibc10([]);
        Add("compiler", "#!/bin/sh\ncase \" $* \" in *' -E '*) exec g++ \"$@\" ;; esac\nprintf '%s\\n' \"$@\" > \"$0.arguments\"\n");
    }

    public string Folder => temp["torch"];

    public void Dispose() => temp.Dispose();

    public void Add(string path, string text)
    {
        var file = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    public void AddVersion(string path, int major, int minor)
        => Add(path, $"#define TORCH_VERSION_MAJOR {major}\n#define TORCH_VERSION_MINOR {minor}\n#define TORCH_VERSION_PATCH 0\n");

    public void AddLibc10(IEnumerable<string> symbols)
    {
        Add("symbols.c", string.Concat(symbols.Select(symbol => $"void {symbol}(void) {{}}\n")));
        Directory.CreateDirectory(Path.Combine(Folder, "lib"));
        Assert.Equal(0, Run("g++", "-x", "c", "-shared", "-fPIC", Path.Combine(Folder, "symbols.c"), "-o", Path.Combine(Folder, "lib", "libc10.so")));
    }

    /// <summary>The arguments of the compilation.</summary>
    public string[] Build()
    {
        var compiler = Path.Combine(Folder, "compiler");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(compiler, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var script = Path.Combine(AppContext.BaseDirectory, "SystemBackend", "Native", "build.sh");
        // As in a shell: .NET leaves SIGPIPE ignored, which hides a pipe that is closed early.
        Assert.Equal(0, Run("env", "--default-signal=PIPE", "CXX=" + compiler, "bash", script, Path.Combine(Folder, "out", "bridge.so"), Folder));
        return File.ReadAllLines(compiler + ".arguments");
    }

    private static int Run(string program, params string[] arguments)
    {
        try
        {
            return ChildProcess.Run(program, arguments).ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
