using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>Applies the user's own transforms to a batch, and sees to it that every tensor has one owner.</summary>
internal sealed class BatchTransforms
{
    // A transform's streams for samples and for the batch must not be the same.
    private const string OfBatch = "/batch";
    private readonly SampleSource source;
    private readonly (IBatchTransform Transform, ulong Sample, ulong Batch)[] transforms;

    internal BatchTransforms(SampleSource source, IReadOnlyList<IBatchTransform> transforms)
    {
        this.source = source;
        this.transforms =
        [
            .. transforms.Select((transform, place) =>
            {
                var name = transform.GetType().FullName!;
                var before = transforms.Take(place).Count(other => other.GetType() == transform.GetType());
                return (transform, SampleRandom.StreamOf(name, before), SampleRandom.StreamOf(name + OfBatch, before));
            }),
        ];
    }

    /// <summary>Transforms a batch.</summary>
    /// <param name="tensors">Its tensors. If the result has others they are disposed, also after an error.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="indices">The samples' indices.</param>
    /// <returns>The tensors of the batch, in no dispose scope.</returns>
    internal BatchTensors Apply(BatchTensors tensors, long epoch, IReadOnlyList<long> indices)
    {
        var samples = tensors.Content.Samples;
        foreach (var (transform, sampleStream, batchStream) in transforms)
        {
            var input = new BatchTransformInput(
                (tensors.Image, tensors.Label, tensors.Weight), epoch, indices,
                [.. indices.Select(index => source.Samples[(int)index].Id)], source.Form.IgnoreIndex,
                // A batch is known by its first sample, so that ranks, which share epochs, draw different numbers.
                StreamOf(samples[0], epoch, batchStream), StreamsOf(samples, epoch, sampleStream));
            tensors = Apply(transform, input, tensors);
        }
        return tensors;
    }

    private static BatchTensors Apply(IBatchTransform transform, BatchTransformInput input, BatchTensors before)
    {
        try
        {
            using var scope = NewDisposeScope();
            using var constant = no_grad();
            var (image, label, weight) = transform.Apply(input);
            Require(image, nameof(image), transform, input.Count);
            Require(label, nameof(label), transform, input.Count);
            if (weight is not null)
                Require(weight, nameof(weight), transform, input.Count);
            var after = new BatchTensors(image, label, weight, before.Content);
            foreach (var tensor in Each(after))
                scope.Detach(tensor);
            foreach (var tensor in Each(before).Except(Each(after)))
                tensor.Dispose();
            return after;
        }
        catch
        {
            before.Dispose();
            throw;
        }
    }

    private static IEnumerable<Tensor> Each(BatchTensors tensors) =>
        tensors.Weight is null ? [tensors.Image, tensors.Label] : [tensors.Image, tensors.Label, tensors.Weight];

    private static void Require(Tensor? tensor, string name, IBatchTransform transform, int count)
    {
        var fault = tensor switch
        {
            null => "none",
            { IsInvalid: true } => "one that is disposed",
            { shape: [] } => "one of no dimension",
            _ when tensor.shape[0] != count => $"one of shape ({string.Join(", ", tensor.shape)})",
            _ => null,
        };
        if (fault is not null)
        {
            throw new InvalidOperationException(
                $"{transform.GetType().Name} must give back the {name}s of {count} samples along the first dimension, "
                + $"and gave {fault}; to leave them as they are, give back those of its input.");
        }
    }

    private SampleStream[] StreamsOf(ReadOnlySpan<PlannedSample> planned, long epoch, ulong stream)
    {
        var streams = new SampleStream[planned.Length];
        for (var slot = 0; slot < streams.Length; slot++)
            streams[slot] = StreamOf(planned[slot], epoch, stream);
        return streams;
    }

    private SampleStream StreamOf(PlannedSample sample, long epoch, ulong stream) =>
        new(new(source.Seed, epoch, sample.Index, sample.Visit, stream));
}
