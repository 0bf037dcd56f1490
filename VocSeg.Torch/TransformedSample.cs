namespace VocSeg.Torch;

/// <summary>
/// A sample as a data set's transforms make it, in bytes, to look at. No tensor is made: libtorch is not needed.
/// </summary>
public sealed class TransformedSample
{
    private TransformedSample(SampleGeometry geometry, byte[] rgba, byte[] classIndex)
    {
        Geometry = geometry;
        Rgba = rgba;
        ClassIndex = classIndex;
    }

    /// <summary>Where the pixels come from; its <c>Output</c> is their size.</summary>
    public SampleGeometry Geometry { get; }

    /// <summary>
    /// The image: rows without padding, four bytes a pixel: red, green, blue and 255. What lies outside of the sample
    /// has the mean colour of ImageNet.
    /// </summary>
    public byte[] Rgba { get; }

    /// <summary>The label: rows without padding, one class index a pixel.</summary>
    public byte[] ClassIndex { get; }

    /// <summary>Decodes a sample and applies transforms as a data set with this seed does.</summary>
    /// <param name="sample">The sample, large enough for the transforms.</param>
    /// <param name="transforms">The transforms of the data set.</param>
    /// <param name="seed">The seed of the data set.</param>
    /// <param name="epoch">The epoch, from 0; each has draws of its own.</param>
    /// <param name="index">The sample's index in the data set, from 0.</param>
    /// <param name="palette">Which colour is which class; null for <see cref="SegmentationPalette.Voc"/>.</param>
    /// <returns>The pixels of <see cref="VocSegDataset.GetTensor(long, long)"/> as bytes.</returns>
    /// <exception cref="ArgumentException">The transforms do not go together, or the sample is too small.</exception>
    /// <exception cref="DatasetException">A file cannot be read or decoded, or holds an unknown value.</exception>
    public static unsafe TransformedSample Read(
        SegmentationSample sample,
        IEnumerable<SampleTransform> transforms,
        long seed,
        long epoch,
        long index,
        SegmentationPalette? palette = null)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(transforms);
        var options = new VocSegDatasetOptions
        {
            Transforms = [.. transforms],
            Palette = palette ?? SegmentationPalette.Voc,
        };
        if (!options.Chain.CanTake(sample.Part))
            throw new ArgumentException($"'{sample.Id}' is too small for the transforms.", nameof(sample));
        using var worker = new SampleWorker(options, sample.Size.Pixels);
        var decoded = worker.DecodeRows(sample, 0, sample.Size.Height);
        if (options.Chain.Condition is not null)
            worker.LabelCount.Begin(decoded);
        var (geometry, color) =
            options.Chain.Draw(sample, seed, epoch, index, visit: 0, worker.LabelCount, options.Palette.IgnoreIndex);
        var pixels = checked((int)geometry.Output.Pixels);
        var (planes, label) = (new float[3L * pixels], new long[pixels]);
        fixed (float* image = planes)
        fixed (long* classes = label)
            worker.Warp.Write(decoded, geometry, color, new((IntPtr)image, (IntPtr)classes, 0, geometry.Output));
        var rgba = new byte[4L * pixels];
        rgba.AsSpan().Fill(byte.MaxValue);
        for (var channel = 0; channel < 3; channel++)
        {
            var (scale, bias) = (options.Normalization.Scale[channel], options.Normalization.Bias[channel]);
            for (var at = 0; at < pixels; at++)
                rgba[4L * at + channel] = (byte)((planes[(long)channel * pixels + at] - bias) / scale + 0.5f);
        }
        return new(geometry, rgba, Array.ConvertAll(label, value => (byte)value));
    }
}
