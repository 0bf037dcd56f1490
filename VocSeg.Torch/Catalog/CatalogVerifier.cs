using System.Collections.Concurrent;

namespace VocSeg.Torch;

/// <summary>Decodes whole samples and keeps what is wrong with them. Not thread-safe; one per thread.</summary>
internal sealed class CatalogVerifier : IDisposable
{
    private readonly EncodedFile file = new();
    private readonly ImageDecoder images = ImageDecoder.Create(ImageDecoderKind.Auto);
    private readonly LabelDecoder labels;
    private byte[] classIndex = [];

    private CatalogVerifier(SegmentationPalette palette) => labels = new(palette);

    internal static CatalogReport Run(
        string root,
        string listFile,
        SampleCatalogOptions options,
        SegmentationPalette palette,
        IProgress<(int Done, int Total)>? progress,
        CancellationToken cancellation)
    {
        NativeLibraries.RequireSkia();
        var strict = palette with { UnknownColor = UnknownColor.Error };
        var entries = VocSplit.Read(root, listFile, options);
        var findings = new ConcurrentBag<(int Index, CatalogFinding Finding)>();
        var done = 0;
        Parallel.For(
            0,
            entries.Count,
            new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellation },
            () => new CatalogVerifier(strict),
            (index, _, verifier) =>
            {
                foreach (var finding in verifier.Check(entries[index]))
                    findings.Add((index, finding));
                progress?.Report(new(Interlocked.Increment(ref done), entries.Count));
                return verifier;
            },
            verifier => verifier.Dispose());
        var ordered = findings.OrderBy(found => found.Index).ThenBy(found => found.Finding.Path, StringComparer.Ordinal);
        return new(listFile, entries.Count, [.. ordered.Select(found => found.Finding)]);
    }

    public void Dispose() => images.Dispose();

    private List<CatalogFinding> Check(VocSplit.Entry entry)
    {
        List<CatalogFinding> findings =
            [.. entry.Faults.Select(fault => new CatalogFinding(entry.Id, fault.Path, fault.Message, fault.Fault))];
        ImageSize? imageSize = null, labelSize = null;
        if (entry.ImagePath is { } imagePath)
            Try(() => CheckImage(imagePath, out imageSize));
        if (entry.LabelPath is { } labelPath)
            Try(() => CheckLabel(labelPath, out labelSize));
        if (imageSize is { } image && labelSize is { } label)
            Try(() => SampleCatalog.RequireSameSize(entry, image, label));
        return findings;

        void Try(Action check)
        {
            try
            {
                check();
            }
            catch (DatasetException fault)
            {
                findings.Add(new(entry.Id, fault.Path, fault.Message, fault.Fault));
            }
        }
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
}
