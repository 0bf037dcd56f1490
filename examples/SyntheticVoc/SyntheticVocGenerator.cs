using System.Text;
using SkiaSharp;

namespace SyntheticVoc;

/// <summary>Writes a data set in VOC's shape with painted images, for machines without VOC.</summary>
public static class SyntheticVocGenerator
{
    /// <summary>Writes the set, anew where it was broken off, or returns at once where it stands already.</summary>
    /// <param name="folder">The folder that takes <c>VOCdevkit</c>; made where there is none.</param>
    /// <param name="options">What the set holds; the files depend on nothing else.</param>
    /// <param name="progress">Hears how many samples are written, counting up.</param>
    /// <param name="cancellationToken">Breaks off between two samples.</param>
    /// <returns>The folder <c>VOC2012</c>.</returns>
    /// <exception cref="InvalidOperationException">The folder holds other data, or is being written.</exception>
    public static string Generate(
        string folder, SyntheticVocOptions options, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var root = Path.GetFullPath(Path.Combine(folder, "VOCdevkit", "VOC2012"));
        var size = options.Size is var (height, width) ? $"{height}x{width}" : "voc";
        // The format counts up when the same options begin to give other files.
        var set = $"train {options.Train}, val {options.Val}, seed {options.Seed}, {options.Subsampling}, " +
            $"quality {options.Quality}, size {size}, format 2";
        using var mark = Take(root, set);
        if (mark is null)
            return root;

        // What a run that was broken off has left.
        foreach (var leftover in Directory.EnumerateDirectories(root))
            Directory.Delete(leftover, recursive: true);
        foreach (var made in new[] { "JPEGImages", "SegmentationClass", "ImageSets/Segmentation" })
            Directory.CreateDirectory(Path.Combine(root, made));
        var isFull = options.Subsampling == ChromaSubsampling.Chroma444;
        var sampling = isFull ? SKJpegEncoderDownsample.Downsample444 : SKJpegEncoderDownsample.Downsample420;
        var jpeg = new SKJpegEncoderOptions(options.Quality, sampling, SKJpegEncoderAlphaOption.Ignore);
        // Ids as VOC has them; those of val follow on those of train.
        string[] ids = [.. Enumerable.Range(1, options.Train + options.Val).Select(number => $"2012_{number:D6}")];
        var (done, counting) = (0, new Lock());
        var limits = new ParallelOptions { CancellationToken = cancellationToken };
        limits.MaxDegreeOfParallelism = options.Parallelism;
        Parallel.For(0, ids.Length, limits, index =>
        {
            var plan = SamplePlan.For(options, index);
            var (image, label) = Scene.Paint(plan);
            using (image)
            using (var pixels = image.PeekPixels())
            using (var bytes = pixels.Encode(jpeg) ?? throw new InvalidOperationException("SkiaSharp wrote no JPEG."))
            using (var file = File.Create(Path.Combine(root, "JPEGImages", ids[index] + ".jpg")))
                bytes.SaveTo(file);
            using (var file = File.Create(Path.Combine(root, "SegmentationClass", ids[index] + ".png")))
                PalettePng.Write(label, plan.Size.Width, plan.Size.Height, file);
            lock (counting)
                progress?.Report(++done);
        });
        foreach (var (split, range) in new[] { ("train", ..options.Train), ("val", options.Train..), ("trainval", ..) })
        {
            var list = string.Concat(ids[range].Select(id => id + "\n"));
            File.WriteAllText(Path.Combine(root, "ImageSets", "Segmentation", split + ".txt"), list);
        }
        mark.Write(Encoding.UTF8.GetBytes(set));
        return root;
    }

    // The file names the set once that is whole. Until then it is empty, and locked so that nobody else writes there.
    private static FileStream? Take(string folder, string set)
    {
        var path = Path.Combine(folder, "synthetic-voc.txt");
        if (!File.Exists(path) && Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new InvalidOperationException($"{folder} holds data not generated here; name another folder.");
        Directory.CreateDirectory(folder);
        try
        {
            if (File.Exists(path) && File.ReadAllText(path) is { Length: > 0 } found)
            {
                return found == set ? null : throw new InvalidOperationException(
                    $"{folder} holds another set ({found}); delete it or name another folder.");
            }
            return new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        }
        catch (IOException error) when (File.Exists(path))
        {
            throw new InvalidOperationException(
                $"{folder} is being written by another process; wait for it or name another folder.", error);
        }
    }
}
