using System.Collections.Immutable;

namespace VocSeg.Torch;

/// <summary>
/// What the pixels of a catalog are like: means, standard deviations, class frequencies and sizes. Every pixel of every
/// sample is counted, in whole numbers, so that the same catalog gives the same statistics whatever the threads.
/// </summary>
/// <remarks>
/// Of a sample with a region, the pixels in it are counted. What a region has beyond the image is not. A sample that
/// stands twice counts twice, and so does what overlapping tiles share.
/// </remarks>
public sealed class CatalogStatistics
{
    private readonly ImmutableArray<long> imagePixelsOfClass;
    private readonly (float Mean, float Std) gray;
    private readonly Dictionary<(string Id, SampleRegion? Part), ImmutableArray<int>> pixelsOfSamples;

    private CatalogStatistics(PixelCounts counts, IEnumerable<ImageSize> sizes, SegmentationPalette palette)
    {
        Palette = palette;
        Pixels = counts.Pixels;
        Mean = [.. counts.Totals.Select(total => total / (255.0 * Pixels))];
        // The variance is the mean of squares less the square of the mean, as one fraction of whole numbers.
        Std =
        [
            .. counts.Totals.Zip(counts.Squares, (total, squares) => Spread(squares, total) / (255.0 * Pixels)),
        ];
        gray = (
            (float)((double)counts.Lumas / (255_000.0 * Pixels)),
            (float)(Spread(counts.LumaSquares, counts.Lumas) / (255_000.0 * Pixels)));
        pixelsOfSamples = counts.OfSamples;
        ClassPixels = [.. counts.Classes[..palette.ClassCount]];
        IgnoredPixels = counts.Classes[palette.IgnoreIndex];
        imagePixelsOfClass = [.. counts.AroundClasses[..palette.ClassCount]];
        Sizes =
        [
            .. sizes.GroupBy(size => size).Select(same => (same.Key, same.Count()))
                .OrderBy(found => found.Key.Height).ThenBy(found => found.Key.Width),
        ];

        double Spread(UInt128 squares, UInt128 total) => Math.Sqrt((double)(squares * (ulong)Pixels - total * total));
    }

    /// <summary>The palette that the labels were read with.</summary>
    public SegmentationPalette Palette { get; }

    /// <summary>How many pixels of images were counted.</summary>
    public long Pixels { get; }

    /// <summary>The means of red, green and blue over all pixels, from 0 to 1.</summary>
    public ImmutableArray<double> Mean { get; }

    /// <summary>
    /// The standard deviations of red, green and blue over all pixels, of values from 0 to 1: the root of the mean
    /// squared distance from <see cref="Mean"/>, divided by the number of pixels and not by one less.
    /// </summary>
    public ImmutableArray<double> Std { get; }

    /// <summary>
    /// The normalization by <see cref="Mean"/> and <see cref="Std"/>, to be set in a data set's options.
    /// </summary>
    /// <exception cref="InvalidOperationException">A channel has the same value everywhere.</exception>
    public Normalization Normalization => Std.All(std => (float)std > 0)
        ? new(Mean.Select(mean => (float)mean), Std.Select(std => (float)std))
        : throw new InvalidOperationException(
            $"A channel has the same value in all {Pixels} pixels (standard deviations {string.Join(", ", Std)}), "
            + "which no normalization can spread; look at the images, or set one of your own.");

    /// <summary>
    /// The same for <see cref="ImageChannels.Gray"/>: the luma of all pixels comes to the mean 0 and the standard
    /// deviation 1. By <see cref="Normalization"/> it would not, since the luma of colours varies less than they do.
    /// </summary>
    /// <exception cref="InvalidOperationException">The luma is the same everywhere.</exception>
    public Normalization GrayNormalization => gray.Std > 0
        ? new([gray.Mean, gray.Mean, gray.Mean], [gray.Std, gray.Std, gray.Std])
        : throw new InvalidOperationException(
            $"The luma is the same in all {Pixels} pixels, which no normalization can spread; look at the images, or "
            + "set one of your own.");

    /// <summary>How many pixels each class has; the position is the class index.</summary>
    public ImmutableArray<long> ClassPixels { get; }

    /// <summary>How many pixels have the palette's ignore index. Samples without label have none.</summary>
    public long IgnoredPixels { get; }

    /// <summary>
    /// The sizes of the samples, or of their regions where these are set, and how many samples have each; by height,
    /// then width.
    /// </summary>
    public ImmutableArray<(ImageSize Size, int Count)> Sizes { get; }

    /// <summary>
    /// The least height and the least width of the samples: the largest crop that fits in all of them.
    /// </summary>
    public ImageSize Smallest => new(Sizes.Min(found => found.Size.Height), Sizes.Min(found => found.Size.Width));

    /// <summary>The greatest height and the greatest width: what holds each of the samples.</summary>
    public ImageSize Largest => new(Sizes.Max(found => found.Size.Height), Sizes.Max(found => found.Size.Width));

    /// <summary>Decodes every image and label of a catalog, each once, and counts.</summary>
    /// <remarks>
    /// It works on as many images at once as the catalog's options say of headers, and takes 5 bytes a pixel for each.
    /// </remarks>
    /// <param name="catalog">The samples; best those of training alone.</param>
    /// <param name="palette">How labels are read; null for <see cref="SegmentationPalette.Voc"/>.</param>
    /// <param name="progress">Is told, from several threads, how many pairs of files are done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The statistics.</returns>
    /// <exception cref="DatasetException">
    /// Files cannot be read or decoded, or a label has a value that is an error to the palette. It names the first ten
    /// of them and counts the rest.
    /// </exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static CatalogStatistics Measure(
        SampleCatalog catalog,
        SegmentationPalette? palette = null,
        IProgress<(int Done, int Total)>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        palette ??= SegmentationPalette.Voc;
        SegmentationSample[][] files =
        [
            .. catalog.Samples
                .GroupBy(sample => (sample.ImagePath, sample.LabelPath, sample.Orientation))
                .Select(samples => samples.ToArray()),
        ];
        var counts = new PixelCounts();
        SampleCatalog.ForEach(
            files.Length,
            $"pairs of image and label of {catalog.Name}",
            catalog.Options,
            () => new PixelCounter(palette, cancellationToken),
            (counter, index) =>
            {
                var found = counter.Count(files[index]);
                lock (counts)
                    counts.Add(found);
                return true;
            },
            progress,
            cancellationToken);
        return new(counts, catalog.Samples.Select(sample => sample.Part), palette);
    }

    /// <summary>
    /// How many pixels each class has in a sample; the position is the class index. What shows a class is then
    /// <c>catalog.Where(sample => statistics.PixelsOf(sample)[1] > 0)</c>.
    /// </summary>
    /// <param name="sample">
    /// A sample of the catalog that was measured, or of one that was made of it and has the same parts of images.
    /// </param>
    /// <returns>A number for each class; all 0 for a sample without label.</returns>
    /// <exception cref="ArgumentException">No sample of that id and region was measured.</exception>
    public ImmutableArray<int> PixelsOf(SegmentationSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var isMeasured = pixelsOfSamples.TryGetValue((sample.Id, sample.Region), out var pixels);
        return isMeasured ? pixels : throw new ArgumentException(
            $"'{sample.Id}' is none of the samples that were measured, or another part of its image; measure the "
            + "catalog that holds it.",
            nameof(sample));
    }

    /// <summary>How many samples hold a crop.</summary>
    /// <param name="crop">The size of the crop.</param>
    public int CountHolding(ImageSize crop) => Sizes.Where(found => found.Size.Holds(crop)).Sum(found => found.Count);

    /// <summary>
    /// Class weights by inverse frequency: <c>n / (k * n_c)</c>, with n_c the pixels of class c, n those of all
    /// classes, and k the number of classes that have any. The mean weight of a pixel is then 1 (the "balanced" weights
    /// of scikit-learn; King and Zeng, "Logistic Regression in Rare Events Data", Political Analysis 2001).
    /// </summary>
    /// <returns>
    /// A weight for each class, to be given to a weighted loss as a tensor; 0 for a class without pixels.
    /// </returns>
    public float[] InverseFrequencyWeights()
    {
        var labelled = ClassPixels.Sum();
        var present = ClassPixels.Count(pixels => pixels > 0);
        return [.. ClassPixels.Select(pixels => pixels == 0 ? 0 : (float)(labelled / ((double)present * pixels)))];
    }

    /// <summary>
    /// Class weights by median frequency: <c>median / f_c</c>, with f_c the pixels of class c divided by the labelled
    /// pixels of those samples that show it, and the median over the classes that have pixels (Eigen and Fergus,
    /// "Predicting Depth, Surface Normals and Semantic Labels with a Common Multi-Scale Convolutional Architecture",
    /// ICCV 2015; used by SegNet).
    /// </summary>
    /// <returns>
    /// A weight for each class, to be given to a weighted loss as a tensor; 0 for a class without pixels.
    /// </returns>
    public float[] MedianFrequencyWeights()
    {
        double[] frequencies =
            [.. ClassPixels.Zip(imagePixelsOfClass, (own, all) => own == 0 ? 0 : own / (double)all)];
        double[] present = [.. frequencies.Where(frequency => frequency > 0).Order()];
        var median = present.Length == 0 ? 0 : (present[present.Length / 2] + present[(present.Length - 1) / 2]) / 2;
        return [.. frequencies.Select(frequency => frequency == 0 ? 0 : (float)(median / frequency))];
    }
}
