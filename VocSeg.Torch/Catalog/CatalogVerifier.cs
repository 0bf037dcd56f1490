using System.Collections.Concurrent;

namespace VocSeg.Torch;

/// <summary>Decodes whole samples and keeps what is wrong with them. One a thread.</summary>
internal sealed class CatalogVerifier : IDisposable
{
    private readonly EncodedFile file = new();
    private readonly ImageDecoder images = ImageDecoder.Create(ImageDecoderKind.Auto);
    private readonly LabelDecoder labels;
    private byte[] classIndex = [];

    private CatalogVerifier(SegmentationPalette palette) => labels = new(palette);

    internal static CatalogReport Run(
        string folder,
        string listFile,
        SampleCatalogOptions options,
        SegmentationPalette palette,
        IProgress<(int Done, int Total)>? progress,
        CancellationToken cancellation)
    {
        NativeLibraries.RequireSkia();
        var strict = palette with { UnknownColor = UnknownColor.Error };
        var ids = SplitList.Read(listFile);
        var findings = new ConcurrentBag<(int Index, CatalogFinding Finding)>();
        var done = 0;
        Parallel.For(
            0,
            ids.Count,
            new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellation },
            () => new CatalogVerifier(strict),
            (index, _, verifier) =>
            {
                foreach (var finding in verifier.Check(folder, options.LabelFolder, ids[index]))
                    findings.Add((index, finding));
                progress?.Report(new(Interlocked.Increment(ref done), ids.Count));
                return verifier;
            },
            verifier => verifier.Dispose());
        return new(listFile, ids.Count, [.. findings.OrderBy(found => found.Index).ThenBy(found => found.Finding.Path, StringComparer.Ordinal).Select(found => found.Finding)]);
    }

    public void Dispose() => images.Dispose();

    private IEnumerable<CatalogFinding> Check(string folder, string labelFolder, string id)
    {
        var imagePath = SampleCatalog.PathOf(folder, VocFolder.Images, id, ".jpg");
        var labelPath = SampleCatalog.PathOf(folder, labelFolder, id, ".png");
        ImageSize? imageSize = null, labelSize = null;
        if (Fault(id, imagePath, () => CheckImage(imagePath, out imageSize)) is { } imageFault)
            yield return imageFault;
        if (Fault(id, labelPath, () => CheckLabel(labelPath, out labelSize)) is { } labelFault)
            yield return labelFault;
        else if (imageSize is not null && imageSize != labelSize)
            yield return new(id, labelPath, $"{labelPath}: the label is {labelSize} (height x width), its image {imagePath} is {imageSize}; they must be of one size.");
    }

    private void CheckImage(string path, out ImageSize? size)
    {
        size = SkiaDecoder.ReadSize(path);
        file.Read(path);
        images.DecodeRows(file, size.Value, 0, size.Value.Height);
    }

    private void CheckLabel(string path, out ImageSize? size)
    {
        size = SkiaDecoder.ReadSize(path);
        file.Read(path);
        if (classIndex.Length < size.Value.Pixels)
            classIndex = new byte[size.Value.Pixels];
        labels.DecodeClassIndex(file, size.Value, 0, size.Value.Height, classIndex);
    }

    private static CatalogFinding? Fault(string id, string path, Action check)
    {
        try
        {
            check();
            return null;
        }
        catch (DatasetException error)
        {
            return new(id, path, error.Message);
        }
        catch (Exception error) when (error is OverflowException or OutOfMemoryException)
        {
            return new(id, path, $"{path}: the image is too large to be decoded ({error.Message}); put a sound file in its place, or take its id out of the list.");
        }
    }
}
