using System.Runtime.ExceptionServices;

namespace VocSeg.Torch;

/// <summary>
/// Batches for a GPU. A thread of their own copies them there, one ahead of the training loop. A copy runs after all
/// the work that was queued before it; so the loop can queue its next step and need not wait for the copy.
/// </summary>
internal sealed class DeviceBatches : BatchSource
{
    private readonly EpochPlan plan;
    private readonly EpochPipeline pipeline;
    private readonly CancellationToken cancellation;
    private readonly CancellationTokenRegistration onCancel;
    private readonly object gate = new();
    private readonly Thread feeder;
    private BatchTensors? ready;
    private Exception? failure;
    private bool stopped;

    internal DeviceBatches(EpochPlan plan, EpochPipeline pipeline, CancellationToken cancellation)
    {
        this.plan = plan;
        this.pipeline = pipeline;
        this.cancellation = cancellation;
        onCancel = cancellation.Register(Wake);
        feeder = new(Feed) { IsBackground = true, Name = "VocSeg feeder" };
        try
        {
            feeder.Start();
        }
        catch
        {
            onCancel.Dispose();
            throw;
        }
    }

    internal override bool SawForeground => pipeline.SawForeground;

    internal override BatchTensors Deliver(int batch)
    {
        lock (gate)
        {
            while (ready is null && failure is null && !stopped && !cancellation.IsCancellationRequested)
                Monitor.Wait(gate);
            cancellation.ThrowIfCancellationRequested();
            ThrowIfEnded(stopped);
            if (ready is null)
                ExceptionDispatchInfo.Throw(failure!);
            var tensors = ready.Value;
            ready = null;
            Monitor.PulseAll(gate);
            return tensors;
        }
    }

    /// <summary>Ends the feeder after the batch that it is at, then the workers.</summary>
    public override void Dispose()
    {
        lock (gate)
        {
            stopped = true;
            Monitor.PulseAll(gate);
        }
        Interleaving.Point();
        pipeline.Stop();
        feeder.Join();
        onCancel.Dispose();
        pipeline.Dispose();
        lock (gate)
        {
            ready?.Dispose();
            ready = null;
        }
    }

    private void Feed()
    {
        try
        {
            for (var batch = 0; batch < plan.Batches; batch++)
            {
                var buffer = pipeline.Take(batch);
                try
                {
                    // A third batch on the device would only take memory, so the one before must be taken first.
                    if (!WaitUntilTaken())
                        return;
                    Interleaving.Point();
                    var tensors = buffer.Deliver(plan.SizeOf(batch));
                    Interleaving.Point();
                    lock (gate)
                    {
                        ready = tensors;
                        Monitor.PulseAll(gate);
                    }
                }
                finally
                {
                    Interleaving.Point();
                    pipeline.Return(batch, buffer);
                }
            }
        }
        catch (Exception error)
        {
            lock (gate)
            {
                failure = error;
                Monitor.PulseAll(gate);
            }
        }
    }

    private bool WaitUntilTaken()
    {
        lock (gate)
        {
            while (ready is not null && !stopped)
                Monitor.Wait(gate);
            return !stopped;
        }
    }

    private void Wake()
    {
        lock (gate)
            Monitor.PulseAll(gate);
    }
}
