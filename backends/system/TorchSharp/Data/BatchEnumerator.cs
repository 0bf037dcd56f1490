using System.Collections;

namespace TorchSharp.Modules;

/// <summary>Makes one batch a step: samples in parallel, then collate; the batch lives until the next step.</summary>
internal sealed class BatchEnumerator<T, S> : IEnumerator<S>
{
    private readonly DataLoader<T, S> loader;
    private IEnumerator<long> order;
    private HashSet<IDisposable>? held;
    private S? current;

    public BatchEnumerator(DataLoader<T, S> loader)
    {
        this.loader = loader;
        order = loader.sampler.GetEnumerator();
    }

    public S Current => current!;

    object? IEnumerator.Current => current;

    public bool MoveNext()
    {
        DisposeHeld();
        var indices = NextIndices();
        if (indices.Count == 0 || (loader.drop_last && indices.Count < loader.batch_size)) return false;

        var samples = new T[indices.Count];
        var leftovers = new HashSet<IDisposable>[indices.Count];
        Enumerable.Range(0, indices.Count).AsParallel().WithDegreeOfParallelism(loader.num_workers).ForAll(i =>
        {
            using var scope = torch.NewDisposeScope();
            samples[i] = loader.dataset.GetTensor(indices[i]);
            leftovers[i] = scope.DetachAllAndDispose();
        });

        using var collating = torch.NewDisposeScope();
        current = loader.collate_fn(samples, loader.Device);
        var made = collating.DetachAllAndDispose();
        if (loader.DisposeBatch) held = made;
        foreach (var disposable in leftovers.SelectMany(set => set)) disposable.Dispose();
        return true;
    }

    public void Reset()
    {
        DisposeHeld();
        order.Dispose();
        order = loader.sampler.GetEnumerator();
    }

    public void Dispose()
    {
        order.Dispose();
        DisposeHeld();
    }

    private List<long> NextIndices()
    {
        var indices = new List<long>(loader.batch_size);
        while (indices.Count < loader.batch_size && order.MoveNext()) indices.Add(order.Current);
        return indices;
    }

    private void DisposeHeld()
    {
        foreach (var disposable in held ?? []) disposable.Dispose();
        held = null;
    }
}
