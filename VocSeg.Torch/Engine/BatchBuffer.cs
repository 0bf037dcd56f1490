using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>What a batch holds.</summary>
/// <param name="Samples">Its samples, with those that took the places of others.</param>
/// <param name="Geometries">What was drawn for each.</param>
/// <param name="Skipped">The samples that could not be read, in the order of their places.</param>
internal sealed record BatchContent(
    PlannedSample[] Samples, SampleGeometry[] Geometries, IReadOnlyList<SkippedSample> Skipped);

/// <summary>The tensors of a batch, in no dispose scope, and what it holds. The holder disposes them.</summary>
internal readonly record struct BatchTensors(Tensor Image, Tensor Label, Tensor? Weight, BatchContent Content)
{
    internal IReadOnlyList<SampleGeometry> Geometries => Content.Geometries;

    internal void Dispose()
    {
        Image.Dispose();
        Label.Dispose();
        Weight?.Dispose();
    }
}

/// <summary>
/// The memory of one batch. Workers fill its slots at the same time, then it is delivered as tensors.
/// </summary>
/// <param name="slots">The samples that it has room for.</param>
internal abstract class BatchBuffer(int slots) : IDisposable
{
    private readonly PlannedSample[] samples = new PlannedSample[slots];
    private readonly List<SkippedSample> skipped = [];

    /// <summary>The size of the batch that it is filled for.</summary>
    internal ImageSize Frame { get; private set; }

    /// <summary>The epoch of that batch.</summary>
    protected long Epoch { get; private set; }

    /// <summary>What was drawn for each slot.</summary>
    protected (SampleGeometry Geometry, ColorMatrix Color)[] Drawn { get; } =
        new (SampleGeometry Geometry, ColorMatrix Color)[slots];

    /// <summary>Prepares it for a batch. Nobody fills it meanwhile.</summary>
    internal void Begin(ImageSize frame, long epoch)
    {
        (Frame, Epoch) = (frame, epoch);
        skipped.Clear();
    }

    /// <summary>Notes samples that cannot be read, and whose place another one has taken.</summary>
    internal void Note(IReadOnlyList<SkippedSample> bad)
    {
        lock (skipped)
            skipped.AddRange(bad);
    }

    /// <summary>Makes samples that are cut from one stored sample, from its files or from a cache.</summary>
    /// <param name="slot">The place of the first one in the batch.</param>
    /// <param name="run">The samples.</param>
    /// <param name="worker">The decoders and memory of the calling thread.</param>
    internal abstract void Fill(int slot, ReadOnlySpan<PlannedSample> run, SampleWorker worker);

    /// <summary>The first slots as tensors.</summary>
    internal abstract BatchTensors Deliver(int count);

    /// <summary>Says that the training loop has moved on and that the memory is about to be written again.</summary>
    internal virtual void TakeBack()
    {
    }

    public abstract void Dispose();

    /// <summary>Draws what is done to the samples of a run.</summary>
    /// <param name="source">The samples.</param>
    /// <param name="slot">The place of the first one in the batch.</param>
    /// <param name="run">The samples.</param>
    /// <param name="labelled">Their whole label where labels decide; else anything.</param>
    /// <param name="worker">The memory of the calling thread.</param>
    /// <param name="runs">The label's runs, where they were kept.</param>
    protected void Draw(
        SampleSource source, int slot, ReadOnlySpan<PlannedSample> run, in WarpSource labelled, SampleWorker worker,
        LabelRuns? runs = null)
    {
        if (source.DrawsByLabel)
            worker.LabelCount.Begin(labelled, runs);
        for (var i = 0; i < run.Length; i++)
        {
            samples[slot + i] = run[i];
            Drawn[slot + i] = source.Draw(run[i], Epoch, Frame, worker.LabelCount);
        }
    }

    /// <summary>The rows of a stored sample that some slots need.</summary>
    protected (int First, int Count) RowsOf(int slot, int count)
    {
        var (first, end) = (int.MaxValue, 0);
        for (var i = slot; i < slot + count; i++)
        {
            var rows = Drawn[i].Geometry.SourceRows();
            (first, end) = (Math.Min(first, rows.First), Math.Max(end, rows.First + rows.Count));
        }
        return (first, end - first);
    }

    /// <summary>
    /// The end of the slots from one on whose image is decoded alike; that of a file that cannot be reduced always is.
    /// What a sample is made of does not depend on its neighbours, so that a batch does not depend on the run that it
    /// came in.
    /// </summary>
    protected int EndOfAlike(SampleSource source, SegmentationSample sample, int slot, int end)
    {
        var next = slot + 1;
        while (next < end && source.ReductionOf(Drawn[next].Geometry) == source.ReductionOf(Drawn[slot].Geometry))
            next++;
        return next == end || SampleWorker.MayReduce(sample) ? next : end;
    }

    /// <summary>What the first slots hold.</summary>
    protected BatchContent ContentOf(int count)
    {
        var geometries = new SampleGeometry[count];
        for (var slot = 0; slot < count; slot++)
            geometries[slot] = Drawn[slot].Geometry;
        return new(
            samples[..count], geometries, skipped.Count == 0 ? [] : [.. skipped.OrderBy(sample => sample.Place)]);
    }
}

/// <summary>
/// The buffers and workers of a loader between epochs, so that memory is paged in once. It frees what comes back after
/// it was disposed.
/// </summary>
internal sealed class BatchBufferPool(Func<BatchBuffer> createBuffer, Func<SampleWorker> createWorker) : IDisposable
{
    private readonly object gate = new();
    private readonly Stack<BatchBuffer> buffers = [];
    private readonly Stack<SampleWorker> workers = [];
    private bool disposed;

    internal BatchBuffer RentBuffer() => Rent(buffers) ?? createBuffer();

    internal SampleWorker RentWorker() => Rent(workers) ?? createWorker();

    internal void Return(BatchBuffer buffer) => Return(buffers, buffer);

    internal void Return(SampleWorker worker) => Return(workers, worker);

    public void Dispose()
    {
        lock (gate)
            disposed = true;
        Empty();
    }

    /// <summary>Frees what nobody uses at this moment.</summary>
    internal void Empty()
    {
        lock (gate)
        {
            while (buffers.TryPop(out var buffer))
                buffer.Dispose();
            while (workers.TryPop(out var worker))
                worker.Dispose();
        }
    }

    private T? Rent<T>(Stack<T> idle)
        where T : class
    {
        lock (gate)
        {
            BatchSource.ThrowIfEnded(disposed);
            return idle.TryPop(out var item) ? item : null;
        }
    }

    private void Return<T>(Stack<T> idle, T item)
        where T : IDisposable
    {
        lock (gate)
        {
            if (disposed)
                item.Dispose();
            else
                idle.Push(item);
        }
    }
}
