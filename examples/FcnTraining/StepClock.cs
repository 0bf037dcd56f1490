using System.Diagnostics;
using TorchSharp;

namespace FcnTraining;

/// <summary>
/// How fast an epoch goes, and how much of its time the loop waits for data: near 0 the model is the bottleneck, near 1 the loader.
/// </summary>
/// <param name="device">Where the training runs.</param>
internal sealed class StepClock(torch.Device device)
{
    private long began = Stopwatch.GetTimestamp();
    private long stepEnded = Stopwatch.GetTimestamp();
    private long waited;
    private long images;

    internal double ImagesPerSecond => images / Stopwatch.GetElapsedTime(began, stepEnded).TotalSeconds;

    internal double WaitShare => (double)waited / Math.Max(1, stepEnded - began);

    internal void StartEpoch()
    {
        began = stepEnded = Stopwatch.GetTimestamp();
        (waited, images) = (0, 0);
    }

    internal void BatchArrived() => waited += Stopwatch.GetTimestamp() - stepEnded;

    internal void StepDone(int batch)
    {
        // A GPU's work is only queued so far; what is left of it would be counted as waiting for the next batch.
        if (device.type == DeviceType.CUDA)
            torch.cuda.synchronize(device);
        images += batch;
        stepEnded = Stopwatch.GetTimestamp();
    }
}
