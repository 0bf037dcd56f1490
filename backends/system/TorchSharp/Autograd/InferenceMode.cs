using TorchSharp.Native;

namespace TorchSharp;

/// <summary>Holds libtorch's guard of inference mode, which belongs to the thread that made it.</summary>
internal sealed class InferenceMode(bool enabled) : IDisposable
{
    private IntPtr guard = Bridge.inference_guard_new(enabled ? 1 : 0);

    public void Dispose()
    {
        var held = Interlocked.Exchange(ref guard, IntPtr.Zero);
        if (held != IntPtr.Zero) Bridge.inference_guard_free(held);
    }
}
