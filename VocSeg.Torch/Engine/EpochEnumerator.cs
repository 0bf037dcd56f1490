using System.Collections;

namespace VocSeg.Torch;

/// <summary>One epoch of a loader, as the training loop sees it.</summary>
internal sealed class EpochEnumerator : IEnumerator<VocSegBatch>
{
    private readonly EpochPlan plan;
    private readonly Func<BatchSource> start;
    private readonly Action<BatchSource> end;
    private readonly Action<long, long> onBatch;
    private BatchSource? source;
    private VocSegBatch? current;
    private int next;

    /// <param name="plan">The epoch, or the rest of it.</param>
    /// <param name="start">Starts what makes its batches.</param>
    /// <param name="end">Ends it.</param>
    /// <param name="onBatch">Is told of each batch: its epoch, and the batch after it.</param>
    internal EpochEnumerator(EpochPlan plan, Func<BatchSource> start, Action<BatchSource> end, Action<long, long> onBatch)
    {
        this.plan = plan;
        this.start = start;
        this.end = end;
        this.onBatch = onBatch;
    }

    public VocSegBatch Current => current ?? throw new InvalidOperationException("There is no batch before MoveNext or after the end of the epoch.");

    object IEnumerator.Current => Current;

    public bool MoveNext()
    {
        ReleaseCurrent();
        if (next == plan.Batches)
            return false;
        source ??= start();
        var batch = next++;
        var (image, label) = source.Take(batch);
        current = new(image, label, plan.Epoch, plan.IndicesOf(batch));
        onBatch(plan.Epoch, plan.FirstBatch + next);
        return true;
    }

    public void Reset() => throw new NotSupportedException("Begin a new epoch by a new foreach.");

    public void Dispose()
    {
        try
        {
            ReleaseCurrent();
        }
        finally
        {
            if (source is not null)
                end(source);
            source = null;
            next = plan.Batches;
        }
    }

    private void ReleaseCurrent()
    {
        if (current is null)
            return;
        var detached = current.Detached;
        current.Release();
        current = null;
        source!.Release(next - 1, detached);
    }
}
