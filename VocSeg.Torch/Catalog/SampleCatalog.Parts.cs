namespace VocSeg.Torch;

/// <content>Catalogs made of others. No file is read for them.</content>
public sealed partial class SampleCatalog
{
    /// <summary>
    /// Divides the samples at random, for instance 0.8 for training and 0.2 for validation. Samples of one
    /// <see cref="SegmentationSample.Group"/> stay together, and so do all samples of one image file: its tiles, its
    /// parts and its repeats.
    /// </summary>
    /// <remarks>
    /// Where a group goes depends on the seed and the group's name alone, by a hash. So it stays there when samples are
    /// added or taken away, when their order changes and when the folder is moved. The sizes of the parts are
    /// approximate in return: of n groups, a part of fraction f gets n f, give or take the square root of n f (1 - f).
    /// Where an image has samples of several groups, these count as one, by the name that is first in ordinal order.
    /// </remarks>
    /// <param name="seed">Another seed, another division.</param>
    /// <param name="fractions">
    /// The share of each part, above 0, together at most 1. What is left over belongs to no part.
    /// </param>
    /// <returns>A catalog for each fraction, the samples in their order here.</returns>
    /// <exception cref="ArgumentException">
    /// There is no fraction, one is not above 0, or they are more than 1 together.
    /// </exception>
    /// <exception cref="DatasetException">A part got no sample.</exception>
    public IReadOnlyList<SampleCatalog> Split(long seed, params double[] fractions)
    {
        ArgumentNullException.ThrowIfNull(fractions);
        var parts = RandomSplit.Divide(Samples, seed, fractions);
        return [.. parts.Select(Part)];

        SampleCatalog Part(List<SegmentationSample> samples, int index)
        {
            var name = $"{Name} (part {index + 1} of {fractions.Length}: {fractions[index]}, seed {seed})";
            return samples.Count > 0 ? Derive(name, samples) : throw new DatasetException(
                name, $"none of the {Samples.Count} samples fell in it; take a larger fraction, or another seed.");
        }
    }

    /// <summary>Puts catalogs one after another.</summary>
    /// <param name="others">The catalogs that follow this one.</param>
    /// <returns>
    /// All samples, under their ids. It may hold repeats where one of the catalogs may; its <see cref="ListFile"/> is
    /// its <see cref="Name"/>.
    /// </returns>
    /// <exception cref="DatasetException">
    /// An id stands for different samples, or the same sample stands in several of the catalogs and none of them was
    /// opened with <see cref="SampleCatalogOptions.Repeats"/>. Ids are changed by
    /// <c>Select(sample => sample with { Id = "mine/" + sample.Id })</c>.
    /// </exception>
    public SampleCatalog Concat(params SampleCatalog[] others)
    {
        ArgumentNullException.ThrowIfNull(others);
        SampleCatalog[] all = [this, .. others];
        var widest = Options with
        {
            Repeats = all.Any(catalog => catalog.Options.Repeats),
            MaxPixels = all.Max(catalog => catalog.Options.MaxPixels),
        };
        SegmentationSample[] samples = [.. all.SelectMany(catalog => catalog.Samples)];
        var name = string.Join(" + ", all.Select(catalog => catalog.Name));
        return new(name, CommonFolder(samples), null, samples, widest);
    }

    /// <summary>The samples that fulfil a condition, in their order here.</summary>
    /// <param name="predicate">The condition.</param>
    /// <returns>A catalog of these samples, under their ids.</returns>
    /// <exception cref="DatasetException">No sample fulfils it.</exception>
    public SampleCatalog Where(Func<SegmentationSample, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        var name = $"{Name} (selected)";
        SegmentationSample[] samples = [.. Samples.Where(predicate)];
        return samples.Length > 0 ? Derive(name, samples) : throw new DatasetException(
            name, $"none of the {Samples.Count} samples fulfils the condition; look at what it asks for.");
    }

    /// <summary>
    /// Changes every sample, most often by <c>with</c>: its id, its group, or the part of the image that is looked at,
    /// as in <c>Select(sample => sample with { Region = new(0, 0, (512, 512)) })</c>.
    /// </summary>
    /// <param name="change">Gives the changed sample.</param>
    /// <returns>A catalog of the changed samples, in the same order.</returns>
    /// <exception cref="ArgumentException">A region begins outside of its image.</exception>
    /// <exception cref="DatasetException">
    /// An id stands for several samples, or twice where repeats are not allowed.
    /// </exception>
    public SampleCatalog Select(Func<SegmentationSample, SegmentationSample> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return Derive($"{Name} (changed)", [.. Samples.Select(change)]);
    }

    /// <summary>
    /// Lets every sample come several times in an epoch: the whole catalog, over and over, in its order.
    /// </summary>
    /// <param name="times">How often, at least 1.</param>
    /// <returns>A catalog whose samples stand <paramref name="times"/> times, under the same ids.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public SampleCatalog Repeat(int times)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        return new(
            $"{Name} ({times} times)",
            Root,
            listFile,
            [.. Enumerable.Repeat(Samples, times).SelectMany(samples => samples)],
            Options with { Repeats = Options.Repeats || times > 1 });
    }

    /// <summary>
    /// Cuts every image into parts of one size that together cover every pixel; exactly once where the stride is the
    /// size. The parts of an image stand together, row after row. The last ones may reach beyond the image on the right
    /// and below; what is there is padded, with ignored labels. An image that is smaller than a tile gives one.
    /// </summary>
    /// <remarks>
    /// A tile's id is its image's with the row and column where it begins, as in <c>name@512,1024</c>, and its
    /// <see cref="SegmentationSample.Group"/> that of the sample it was cut from. A sample that is a part of an image
    /// already is cut within that part: its last tiles are smaller then, and do not reach into the image around it.
    /// </remarks>
    /// <param name="size">Height and width of a tile.</param>
    /// <param name="stride">
    /// From one tile to the next, down and to the right; at most <paramref name="size"/>. Null for the size.
    /// </param>
    /// <returns>A catalog of all tiles.</returns>
    /// <exception cref="ArgumentException">The stride is larger than the tile and would leave out pixels.</exception>
    public SampleCatalog Tiles(ImageSize size, ImageSize? stride = null)
    {
        var step = stride ?? size;
        if (size == default || step == default)
            throw new ArgumentException("A tile and its stride are at least 1 high and 1 wide.", nameof(size));
        if (!size.Holds(step))
        {
            throw new ArgumentException(
                $"A stride of {step} leaves out pixels between tiles of {size}.", nameof(stride));
        }
        return Derive($"{Name} (tiles of {size})", [.. Samples.SelectMany(sample => Tiling.Cut(sample, size, step))]);
    }

    private SampleCatalog Derive(string name, IReadOnlyList<SegmentationSample> samples) =>
        new(name, Root, listFile, samples, Options);
}
