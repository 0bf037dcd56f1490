using TorchSharp.Native;

namespace TorchSharp;

/// <summary>Switches this thread's recording of gradients until it is disposed.</summary>
internal sealed class GradMode : IDisposable
{
    private readonly int before = Bridge.grad_mode();

    public GradMode(bool enabled) => Bridge.set_grad_mode(enabled ? 1 : 0);

    public void Dispose() => Bridge.set_grad_mode(before);
}
