using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VocSeg.Torch;

/// <summary>
/// TorchBackend=folder: libtorch from the folder that the variable LIBTORCH names, before anything asks for it.
/// </summary>
internal static class LibtorchFolder
{
    [ModuleInitializer]
    internal static void Load()
    {
        const string Remedy = "set LIBTORCH to a folder of libtorch, or to the torch folder of a Python PyTorch.";
        var name = OperatingSystem.IsWindows() ? "torch.dll"
            : OperatingSystem.IsMacOS() ? "libtorch.dylib"
            : "libtorch.so";
        var folder = Environment.GetEnvironmentVariable("LIBTORCH");
        if (string.IsNullOrEmpty(folder))
        {
            // A package's libtorch lies beside the program.
            if (!File.Exists(Path.Combine(AppContext.BaseDirectory, name)))
                Refuse($"There is no libtorch: {Remedy}");
            return;
        }
        var library = Path.Combine(Path.GetFullPath(folder), "lib", name);
        if (!File.Exists(library))
            Refuse($"There is no {library}: {Remedy}");
        try
        {
            // TorchSharp's own library asks for it by name, and the loader then takes the one that is loaded already.
            NativeLibrary.Load(library);
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            Refuse($"{library} does not load: {error.Message.ReplaceLineEndings(" ").Trim()}");
        }
    }

    private static void Refuse(string message)
    {
        Console.Error.WriteLine(message);
        Environment.Exit(1);
    }
}
