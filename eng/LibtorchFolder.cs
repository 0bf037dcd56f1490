using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VocSeg.Torch;

/// <summary>TorchBackend=folder: libtorch from the folder that the variable LIBTORCH names, before anything asks for it.</summary>
internal static class LibtorchFolder
{
    [ModuleInitializer]
    internal static void Load()
    {
        const string Variable = "LIBTORCH";
        var folder = Environment.GetEnvironmentVariable(Variable);
        var name = OperatingSystem.IsWindows() ? "torch.dll" : OperatingSystem.IsMacOS() ? "libtorch.dylib" : "libtorch.so";
        var library = string.IsNullOrEmpty(folder) ? null : Path.Combine(Path.GetFullPath(folder), "lib", name);
        if (library is not null && File.Exists(library))
        {
            // What is loaded already is found by its name when TorchSharp's own library asks for it.
            NativeLibrary.Load(library);
            return;
        }
        Console.Error.WriteLine(
            library is null
                ? $"Set {Variable} to a folder of libtorch, or to the torch folder of a Python PyTorch."
                : $"{Variable}: there is no {library}; name a folder of libtorch, or the torch folder of a Python PyTorch.");
        Environment.Exit(1);
    }
}
