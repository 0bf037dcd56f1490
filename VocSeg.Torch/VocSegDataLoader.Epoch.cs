using System.Collections;

namespace VocSeg.Torch;

/// <content>A loop over the loader.</content>
public sealed partial class VocSegDataLoader
{
    private Epoch Begin(CancellationToken cancellationToken)
    {
        (long Epoch, long Batch, long Offset) first;
        var log = new SkipLog(Options.OnError, SharedSamples / (double)Options.Shard.WorldSize);
        lock (gate)
        {
            first = next;
            next = (first.Epoch + 1, 0, 0);
            skips = log;
        }
        return new(this, ahead?.PlanAt(first) ?? PlanFrom(first), log, cancellationToken);
    }

    private EpochPlan PlanFrom((long Epoch, long Batch, long Offset) place) =>
        new(source, Options, place.Epoch, (int)place.Batch, (int)place.Offset)
        {
            Meter = new(Path.GetFileNameWithoutExtension(Dataset.Catalog.ListFile), place.Epoch),
        };

    private EpochPipeline Pipeline(EpochPlan plan, WorkerThreads threads) =>
        new(plan, source, pool, threads, (int)Math.Min(Options.Prefetch + 1L, int.MaxValue), replacement);

    private void MakeAhead(WorkerThreads threads, long buffers)
    {
        (long Epoch, long Batch, long Offset) place;
        lock (gate)
            place = next;
        ahead!.Allow(place, threads, buffers);
    }

    private BatchSource Start(EpochPlan plan, CancellationToken cancellationToken)
    {
        // Not in the lock: it may take minutes, and whoever disposes the loader ends it.
        diskCache?.Open(cancellationToken);
        plan.Meter.HasOpened();
        lock (running)
        {
            BatchSource.ThrowIfEnded(disposed);
            var batches = Create(plan, cancellationToken);
            running.Add(batches);
            return batches;
        }
    }

    private void End(BatchSource batches, bool isWhole)
    {
        // Who leaves early wants no worker to go on. All of them are told before any is waited for.
        if (!isWhole)
            ahead?.Stop();
        // The source counts as running until its workers have ended: Dispose must not free their memory before.
        batches.Dispose();
        lock (running)
            running.Remove(batches);
        if (!isWhole)
            ahead?.Drop();
    }

    private BatchSource Create(EpochPlan plan, CancellationToken cancellationToken)
    {
        if (deviceCache is { IsFull: true })
        {
            // From now on nothing is decoded or staged.
            pool.Empty();
            return new CachedBatches(source, deviceCache, plan, cancellationToken, replacement);
        }
        var pipeline = ahead?.Take(plan) ?? Pipeline(plan, new(pool, Options.Workers));
        pipeline.Begin(cancellationToken, ahead is null ? null : MakeAhead);
        try
        {
            return onHost ? pipeline : new DeviceBatches(plan, pipeline, cancellationToken);
        }
        catch
        {
            pipeline.Dispose();
            throw;
        }
    }

    /// <summary>Warns where a whole first epoch showed nothing but background.</summary>
    private void LookForForeground(EpochPlan plan, BatchSource? batches)
    {
        if (hasLookedForForeground || batches is null || plan.FirstPlace > 0)
            return;
        hasLookedForForeground = true;
        if (batches.SawForeground || diskCache is { SawForeground: true } || source.Options.Palette.ClassCount == 1
            || source.Samples.All(sample => sample.LabelPath is null))
            return;
        Options.Warn(
            $"{Dataset.Catalog.ListFile}: no foreground pixel was seen in the first epoch. Every label shows only "
            + $"class 0 ('{source.Options.Palette.ClassNames[0]}') and ignored pixels; look at the labels, and at the "
            + "palette and its LabelEncoding: masks of 0 and 255 want SegmentationPalette.Binary.");
    }

    private void Report(EpochPlan plan, bool isWhole)
    {
        var report = plan.Meter.End(isWhole);
        lock (gate)
            lastEpoch = report ?? lastEpoch;
    }

    private void Tell(SkipLog log, IReadOnlyList<SkippedSample> skipped)
    {
        if (skipped.Count == 0)
            return;
        log.Add(skipped);
        foreach (var sample in skipped)
            Options.SampleSkipped(sample);
        log.RequireShare();
    }

    private sealed class CancellableEpoch(VocSegDataLoader loader, CancellationToken cancellationToken)
        : IEnumerable<VocSegBatch>
    {
        public IEnumerator<VocSegBatch> GetEnumerator() => loader.Begin(cancellationToken);

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    /// <summary>One epoch, as the training loop sees it.</summary>
    private sealed class Epoch(
        VocSegDataLoader loader, EpochPlan plan, SkipLog skips, CancellationToken cancellationToken)
        : IEnumerator<VocSegBatch>
    {
        private BatchSource? batches;
        private VocSegBatch? current;
        private int next;
        private bool isWhole;

        public VocSegBatch Current => current
            ?? throw new InvalidOperationException("There is no batch before MoveNext or after the end of the epoch.");

        object IEnumerator.Current => Current;

        public bool MoveNext()
        {
            plan.Meter.Wait();
            try
            {
                ReleaseCurrent();
                if (next < plan.Batches)
                {
                    Begin();
                    return true;
                }
            }
            catch (Exception error)
            {
                plan.Meter.Fail(error);
                throw;
            }
            isWhole = true;
            loader.Report(plan, isWhole);
            loader.LookForForeground(plan, batches);
            if (skips.Summary() is { } summary)
                loader.Options.Warn(summary);
            return false;
        }

        public void Reset() => throw new NotSupportedException("Begin a new epoch by a new foreach.");

        public void Dispose()
        {
            next = plan.Batches;
            try
            {
                // The source ends first; then a batch that the loop keeps is not replaced by a new buffer.
                if (batches is not null)
                    loader.End(batches, isWhole);
            }
            finally
            {
                ReleaseCurrent();
                batches = null;
                loader.Report(plan, isWhole);
            }
        }

        private void Begin()
        {
            batches ??= loader.Start(plan, cancellationToken);
            var batch = next++;
            var tensors = batches.Deliver(batch);
            current = Finish(tensors, batch);
            if (!loader.Options.DisposeBatch)
                current.Detach();
            loader.SetReached(plan, next);
            plan.Meter.HasBatch(tensors.Content.Samples.Length, tensors.Content.Skipped.Count);
        }

        private VocSegBatch Finish(BatchTensors tensors, int batch)
        {
            var indices = Array.ConvertAll(tensors.Content.Samples, sample => (long)sample.Index);
            try
            {
                Tell(tensors);
                return new(loader.transforms.Apply(tensors, plan.Epoch, indices), plan.Epoch, indices);
            }
            catch
            {
                batches!.Release(batch, detached: false);
                throw;
            }
        }

        private void Tell(BatchTensors tensors)
        {
            try
            {
                loader.Tell(skips, tensors.Content.Skipped);
            }
            catch
            {
                tensors.Dispose();
                throw;
            }
        }

        private void ReleaseCurrent()
        {
            if (current is null)
                return;
            var (batch, isKept) = (current, current.Detached);
            current = null;
            batch.Release();
            batches!.Release(next - 1, isKept);
        }
    }
}
