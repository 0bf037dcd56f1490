using System.Diagnostics;
using static TorchSharp.torch;

namespace Throughput.Loaders;

/// <summary>How fast bytes move: within the device, and to it from pinned memory.</summary>
internal sealed class DeviceCopies : IDisposable
{
    private const int Copies = 20;
    private readonly Job job;
    private readonly Tensor from;
    private readonly Tensor to;
    private readonly Tensor host;

    internal DeviceCopies(Job job)
    {
        this.job = job;
        using var scope = NewDisposeScope();
        // Far beyond any cache of a GPU.
        var size = job.OnGpu ? 1L << 30 : 1L << 26;
        from = scope.Detach(zeros(size, ScalarType.Byte, job.Device));
        to = scope.Detach(zeros(size, ScalarType.Byte, job.Device));
        var pageable = zeros(size / 4, ScalarType.Byte);
        host = scope.Detach(job.OnGpu ? pageable.pin_memory() : pageable);
    }

    /// <summary>Bytes read and written a second by copies within the device.</summary>
    internal double WithinDevice() => 2 * from.numel() * Copies / Seconds(() => Queue(Copies));

    /// <summary>Bytes a second that come to the device from pinned memory.</summary>
    internal double ToDevice()
    {
        using var place = to.narrow(0, 0, host.numel());
        return host.numel() * Copies / Seconds(() =>
        {
            for (var copy = 0; copy < Copies; copy++)
                place.copy_(host, nonBlocking: true);
        });
    }

    /// <summary>How many copies within the device take a time.</summary>
    internal int CountWithin(double seconds, double bandwidth) => 1 + (int)(seconds * bandwidth / (2 * from.numel()));

    /// <summary>Gives the device something to do: copies within it.</summary>
    internal void Queue(int copies)
    {
        for (var copy = 0; copy < copies; copy++)
            to.copy_(from);
    }

    /// <summary>The time until the device has done what is queued.</summary>
    internal double Seconds(Action queue)
    {
        job.FinishQueue();
        var start = Stopwatch.GetTimestamp();
        queue();
        job.FinishQueue();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose()
    {
        from.Dispose();
        to.Dispose();
        host.Dispose();
    }
}
