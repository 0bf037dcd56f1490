using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// Batches out of a full device cache: some operations there, queued by the training loop's own thread, without a
/// worker. Where all samples are crops within their images, an epoch's crops are drawn and sent to the device when it
/// begins; a batch then copies nothing.
/// </summary>
internal sealed class CachedBatches : BatchSource
{
    private readonly SampleSource source;
    private readonly DeviceCache cache;
    private readonly EpochPlan plan;
    private readonly Replacement? replacement;
    private readonly CancellationToken cancellation;
    private readonly LabelCount labelCount = new();
    private readonly object gate = new();
    private readonly Tensor? drawn;
    private readonly Tensor? places;
    private bool ended;

    internal CachedBatches(
        SampleSource source, DeviceCache cache, EpochPlan plan, CancellationToken cancellation,
        Replacement? replacement = null)
    {
        this.source = source;
        this.cache = cache;
        this.plan = plan;
        this.replacement = replacement;
        this.cancellation = cancellation;
        if (!source.OnlyCrops || source.DrawsByLabel)
            return;
        drawn = TensorMemory.AllocatePinned(ScalarType.Int64, source.Device, plan.Samples);
        var onHost = MemoryMarshal.Cast<byte, long>(drawn.bytes);
        for (var batch = 0; batch < plan.Batches; batch++)
        {
            var (views, _) = ViewsOf(batch);
            for (var slot = 0; slot < views.Length; slot++)
                onHost[plan.FirstOf(batch) + slot] = views[slot].CropStart;
        }
        using var scope = NewDisposeScope();
        // Nobody waits for this copy, which ends behind all that the loop has queued. Its source lives as long as the
        // epoch.
        places = scope.Detach(drawn.to(source.Device, non_blocking: true));
    }

    internal override BatchTensors Deliver(int batch)
    {
        cancellation.ThrowIfCancellationRequested();
        // Neither these tensors nor the cache's may go while a batch is cut.
        lock (gate)
        {
            ThrowIfEnded(ended);
            using var scope = NewDisposeScope();
            var (views, content) = ViewsOf(batch);
            var (image, label, weight) = places is null
                ? cache.Warp(views, FrameOf(batch))
                : source.Warp.FromPlanes(cache.Cut(places.narrow(0, plan.FirstOf(batch), plan.SizeOf(batch))));
            scope.Detach(image, label);
            plan.Meter.HadCached(views.Length);
            return new(image, label, weight is null ? null : scope.Detach(weight), content);
        }
    }

    public override void Dispose()
    {
        lock (gate)
        {
            ended = true;
            places?.Dispose();
            drawn?.Dispose();
        }
    }

    private (WarpView[] Views, BatchContent Content) ViewsOf(int batch)
    {
        var samples = plan.SamplesOf(batch).ToArray();
        var (frame, skipped) = (FrameOf(batch), new List<SkippedSample>());
        var views = new WarpView[samples.Length];
        for (var slot = 0; slot < views.Length; slot++)
        {
            if (FaultOf(samples[slot]) is { } fault)
                skipped.AddRange(Replace(ref samples[slot], fault, plan.PlaceInEpoch(batch, slot), frame));
            var stored = source.StoredOf(samples[slot].Index);
            if (source.DrawsByLabel)
                labelCount.Begin(cache.LabelOf(stored));
            var (geometry, color) = source.Draw(samples[slot], plan.Epoch, frame, labelCount);
            var rows = new FlatRows(cache.PlaceOf(stored), source.LargestWidth, 0, geometry.Source.Height - 1);
            views[slot] = new(rows, geometry, color);
        }
        return (views, new(samples, Array.ConvertAll(views, view => view.Geometry), skipped));
    }

    private List<SkippedSample> Replace(
        ref PlannedSample sample, DatasetException fault, int place, ImageSize frame)
    {
        var taken = sample;
        var skipped = replacement!.Fill(sample, fault, plan.Epoch, place, frame, other =>
            taken = FaultOf(other) is { } another ? throw new DatasetException(another) : other);
        sample = taken;
        return skipped;
    }

    private DatasetException? FaultOf(PlannedSample sample) => cache.FaultOf(source.StoredOf(sample.Index));

    private ImageSize FrameOf(int batch) => source.FrameOf(plan.SharedSamplesOf(batch), plan.Epoch);
}
