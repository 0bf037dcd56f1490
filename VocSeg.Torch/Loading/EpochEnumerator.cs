using System.Collections;

namespace VocSeg.Torch;

/// <summary>One epoch of a loader, as the training loop sees it.</summary>
internal sealed class EpochEnumerator : IEnumerator<VocSegBatch>
{
    private readonly EpochPlan plan;
    private readonly Func<EpochPipeline> start;
    private readonly Action<long, long> onBatch;
    private EpochPipeline? pipeline;
    private VocSegBatch? current;
    private BatchBuffer? lent;
    private int next;

    /// <param name="plan">The epoch, or the rest of it.</param>
    /// <param name="start">Starts the workers.</param>
    /// <param name="onBatch">Is told of each batch: its epoch, and the batch after it.</param>
    internal EpochEnumerator(EpochPlan plan, Func<EpochPipeline> start, Action<long, long> onBatch)
    {
        this.plan = plan;
        this.start = start;
        this.onBatch = onBatch;
    }

    public VocSegBatch Current => current ?? throw new InvalidOperationException("There is no batch before MoveNext or after the end of the epoch.");

    object IEnumerator.Current => Current;

    public bool MoveNext()
    {
        ReleaseCurrent();
        if (next == plan.Batches)
            return false;
        pipeline ??= start();
        var batch = next++;
        var buffer = pipeline.Take(batch);
        var (image, label) = buffer.Deliver(plan.SizeOf(batch));
        current = new(image, label, plan.Epoch, plan.IndicesOf(batch));
        if (buffer.SharesMemory)
            lent = buffer;
        else
            pipeline.Return(batch, buffer);
        onBatch(plan.Epoch, plan.FirstBatch + next);
        return true;
    }

    public void Reset() => throw new NotSupportedException("Begin a new epoch by a new foreach.");

    public void Dispose()
    {
        ReleaseCurrent();
        pipeline?.Dispose();
        pipeline = null;
        next = plan.Batches;
    }

    private void ReleaseCurrent()
    {
        if (current is null)
            return;
        var detached = current.Detached;
        current.Release();
        current = null;
        if (lent is { } buffer)
        {
            lent = null;
            pipeline!.Return(next - 1, buffer, isFree: !detached);
        }
    }
}
