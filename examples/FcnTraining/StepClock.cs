using System.Diagnostics;

namespace FcnTraining;

/// <summary>
/// How fast an epoch goes, and how much of its time the loop waits for data: near 0 the model is the bottleneck, near 1 the loader.
/// </summary>
internal sealed class StepClock
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
        images += batch;
        stepEnded = Stopwatch.GetTimestamp();
    }
}
