using System.Collections.Immutable;

namespace VocSeg.Torch;

/// <summary>The transforms of a data set, in their order, and what follows from all of them together.</summary>
internal sealed class TransformChain
{
    private readonly ulong[] streams;

    /// <exception cref="ArgumentException">
    /// A null, no framing or more than one, or a size that changes after it.
    /// </exception>
    internal TransformChain(ImmutableArray<SampleTransform> transforms)
    {
        if (transforms.Contains(null!))
            throw new ArgumentException("A transform is null; leave it out.", nameof(transforms));
        Transforms = transforms;
        var framings = transforms.Count(transform => transform.IsFraming);
        if (framings != 1)
        {
            throw new ArgumentException(
                $"The transforms must have just one that gives a batch its size (RandomCrop, CenterCrop, "
                + $"RandomResizedCrop or Whole); {framings} were given.",
                nameof(transforms));
        }
        var framing = transforms.First(transform => transform.IsFraming);
        if (framing is not Whole
            && transforms.SkipWhile(transform => transform != framing).Skip(1).FirstOrDefault(next => next.ChangesSize)
                is { } later)
        {
            throw new ArgumentException(
                $"{later.GetType().Name} stands after {framing.GetType().Name} and would change the size of a batch; "
                + "put it before.",
                nameof(transforms));
        }
        FixedSize = framing.FixedSize;
        OnlyCrops = transforms.All(transform => transform is RandomCrop or CenterCrop);
        Condition = framing is RandomCrop { HasCondition: true } crop ? crop : null;
        streams = [.. transforms.Select((transform, place) => StreamOf(transform, place))];
    }

    internal ImmutableArray<SampleTransform> Transforms { get; }

    /// <summary>The size of every batch; null where samples are taken whole.</summary>
    internal ImageSize? FixedSize { get; }

    /// <summary>Whether all that is done is to cut crops that lie within their images.</summary>
    internal bool OnlyCrops { get; }

    /// <summary>
    /// The crop that wants another place where the label is not as it should be; null where none does.
    /// </summary>
    internal RandomCrop? Condition { get; }

    /// <summary>Whether a sample is large enough in every case.</summary>
    internal bool CanTake(ImageSize size)
    {
        foreach (var transform in Transforms)
        {
            if (transform.Needs is { } least && !size.Holds(least))
                return false;
            size = transform.Smallest(size);
        }
        return true;
    }

    /// <summary>The largest height and width that a sample may have in a batch.</summary>
    internal ImageSize Largest(ImageSize size) => Transforms.Aggregate(size, (size, next) => next.Largest(size));

    /// <summary>The size that samples must have, for a message; null where every size will do.</summary>
    internal ImageSize? Needs => Transforms.FirstOrDefault(transform => transform.Needs is not null)?.Needs;

    /// <summary>Draws what is done to a sample.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="seed">The seed of the data set.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="index">The sample's index in the data set.</param>
    /// <param name="visit">How often the epoch had the sample before.</param>
    /// <param name="attempt">Which of its places a transform with a condition takes, from 0.</param>
    internal (SampleGeometry Geometry, ColorMatrix Color) Draw(
        SegmentationSample sample, long seed, long epoch, long index, int visit = 0, int attempt = 0)
    {
        var (geometry, color) = (SampleGeometry.Of(sample), ColorMatrix.Identity);
        for (var place = 0; place < streams.Length; place++)
            Draw(place, ref geometry, ref color, seed, epoch, index, visit, attempt);
        return (geometry, color);
    }

    /// <summary>Draws what is done to a sample, also where its label decides which of its places is taken.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="seed">The seed of the data set.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="index">The sample's index in the data set.</param>
    /// <param name="visit">How often the epoch had the sample before.</param>
    /// <param name="label">What counts its whole label where there is a <see cref="Condition"/>.</param>
    /// <param name="ignoreIndex">The class index of pixels that do not count.</param>
    internal (SampleGeometry Geometry, ColorMatrix Color) Draw(
        SegmentationSample sample,
        long seed,
        long epoch,
        long index,
        int visit,
        LabelCount label,
        byte ignoreIndex)
    {
        if (Condition is null)
            return Draw(sample, seed, epoch, index, visit);
        Span<int> pixels = stackalloc int[256];
        for (var attempt = 0; ; attempt++)
        {
            var drawn = Draw(sample, seed, epoch, index, visit, attempt);
            if (attempt == RandomCrop.MostDraws - 1)
                return drawn;
            pixels.Clear();
            label.Count(drawn.Geometry, pixels);
            pixels[ignoreIndex] = 0;
            if (Condition.IsMetBy(pixels))
                return drawn;
        }
    }

    /// <summary>Draws what one of the transforms does.</summary>
    internal void Draw(
        int place, ref SampleGeometry geometry, ref ColorMatrix color, long seed, long epoch, long index,
        int visit = 0, int attempt = 0)
    {
        var random = new SampleRandom(seed, epoch, index, visit, streams[place]);
        var transform = Transforms[place];
        var before = geometry;
        transform.Draw(ref geometry, ref color, ref random);
        for (var again = 0; again < attempt && transform == Condition; again++)
        {
            geometry = before;
            transform.Draw(ref geometry, ref color, ref random);
        }
    }

    // The first crop has the stream that it had when there was no other transform.
    private ulong StreamOf(SampleTransform transform, int place)
    {
        var before = Transforms.Take(place).Count(other => other.GetType() == transform.GetType());
        return transform is RandomCrop && before == 0 ? 0 : SampleRandom.StreamOf(transform.GetType().Name, before);
    }
}
