using SkiaSharp;

namespace SyntheticVoc;

/// <summary>
/// Writes a data set in VOC's shape with painted photos, for demos, tests and benchmarks on machines without VOC:
/// <c>VOCdevkit/VOC2012</c> with <c>JPEGImages</c>, <c>SegmentationClass</c> and <c>ImageSets/Segmentation</c>.
/// </summary>
public static class SyntheticVocGenerator
{
    /// <summary>
    /// Writes the set, or returns at once where it stands already. The files depend on the options alone. A set that
    /// was broken off is written anew.
    /// </summary>
    /// <param name="folder">The folder that takes <c>VOCdevkit</c>; made where there is none.</param>
    /// <param name="options">What the set holds.</param>
    /// <param name="progress">Hears how many samples are written, counting up.</param>
    /// <param name="cancellationToken">Breaks off between two samples.</param>
    /// <returns>The folder <c>VOC2012</c>.</returns>
    /// <exception cref="InvalidOperationException">The folder holds another set, or data that were not generated, or is being written.</exception>
    /// <exception cref="OperationCanceledException">It was broken off.</exception>
    public static string Generate(string folder, SyntheticVocOptions options, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(options);

        var root = Path.GetFullPath(Path.Combine(folder, "VOCdevkit", "VOC2012"));
        if (SetMark.IsWhole(root, options))
            return root;

        using var mark = SetMark.Begin(root);
        var photos = Directory.CreateDirectory(Path.Combine(root, "JPEGImages")).FullName;
        var labels = Directory.CreateDirectory(Path.Combine(root, "SegmentationClass")).FullName;
        var lists = Directory.CreateDirectory(Path.Combine(root, "ImageSets", "Segmentation")).FullName;

        var jpeg = new SKJpegEncoderOptions(
            options.Quality,
            options.Subsampling == ChromaSubsampling.Chroma420 ? SKJpegEncoderDownsample.Downsample420 : SKJpegEncoderDownsample.Downsample444,
            SKJpegEncoderAlphaOption.Ignore);
        var done = 0;
        var counting = new Lock();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellationToken };
        Parallel.For(0, options.Train + options.Val, parallel, index =>
        {
            var canvas = Scene.Paint(SamplePlan.For(options, index));
            WholeFile.Write(Path.Combine(photos, IdOf(index) + ".jpg"), stream => Photo.Encode(canvas, jpeg, stream));
            WholeFile.Write(Path.Combine(labels, IdOf(index) + ".png"), stream => PalettePng.Write(canvas.Labels, canvas.Width, canvas.Height, stream));
            lock (counting)
                progress?.Report(++done);
        });

        WriteList(Path.Combine(lists, "train.txt"), 0, options.Train);
        WriteList(Path.Combine(lists, "val.txt"), options.Train, options.Val);
        WriteList(Path.Combine(lists, "trainval.txt"), 0, options.Train + options.Val);
        mark.Finish(options);
        return root;
    }

    /// <summary>Ids as VOC has them; those of <c>val</c> follow on those of <c>train</c>.</summary>
    internal static string IdOf(int index) => $"2012_{index + 1:D6}";

    private static void WriteList(string path, int first, int count) => WholeFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream) { NewLine = "\n" };
        for (var index = first; index < first + count; index++)
            writer.WriteLine(IdOf(index));
    });
}
