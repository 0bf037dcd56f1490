using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static unsafe string __version__ => Marshal.PtrToStringUTF8((IntPtr)Bridge.bridge_version())!;

    public static int get_num_threads() => Bridge.threads();

    public static void set_num_threads(int num)
    {
        Bridge.set_threads(num);
        Bridge.Check();
    }

    public static int get_num_interop_threads() => Bridge.interop_threads();

    public static void set_num_interop_threads(int num)
    {
        Bridge.set_interop_threads(num);
        Bridge.Check();
    }

    /// <summary>Throws the error that this thread's last native call left.</summary>
    public static void CheckForErrors() => Bridge.Check();
}
