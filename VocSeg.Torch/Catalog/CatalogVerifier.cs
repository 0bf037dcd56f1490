using System.Collections.Concurrent;

namespace VocSeg.Torch;

/// <summary>Decodes whole samples and keeps what is wrong with them. Not thread-safe; one per thread.</summary>
internal sealed class CatalogVerifier : IDisposable
{
    private readonly EncodedFile file = new();
    private readonly ImageDecoder images = ImageDecoder.Create(ImageDecoderKind.Auto);
    private readonly LabelDecoder labels;
    private byte[] classIndex = [];

    private readonly SampleCatalogOptions options;

    private CatalogVerifier(SegmentationPalette palette, SampleCatalogOptions options, CancellationToken cancellation)
    {
        labels = new(palette);
        this.options = options;
        file.Cancellation = cancellation;
    }

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
            () => new CatalogVerifier(strict, options, cancellation),
            (index, _, verifier) =>
            {
                foreach (var finding in verifier.Check(entries[index]))
                    findings.Add((index, finding));
                progress?.Report(new(Interlocked.Increment(ref done), entries.Count));
                return verifier;
            },
            verifier => verifier.Dispose());
        var ordered = findings
            .OrderBy(found => found.Index)
            .ThenBy(found => found.Finding.Path, StringComparer.Ordinal);
        return new(listFile, entries.Count, [.. ordered.Select(found => found.Finding)]);
    }

    public void Dispose() => images.Dispose();

    private List<CatalogFinding> Check(VocSplit.Entry entry)
    {
        List<CatalogFinding> findings =
            [.. entry.Faults.Select(fault => new CatalogFinding(entry.Id, fault.Path, fault.Message, fault.Fault))];
        ImageHeader? image = null;
        ImageSize? label = null;
        if (entry.ImagePath is { } imagePath)
            Try(() => CheckImage(imagePath, out image));
        if (entry.LabelPath is { } labelPath)
            Try(() => CheckLabel(labelPath, out label));
        if (image is { } header && label is { } size)
            Try(() => SampleCatalog.RequireSameSize(entry, header, size, options));
        if (image is { Orientation: > 1 } turned && !options.ApplyExifOrientation)
        {
            findings.Add(new(
                entry.Id,
                entry.ImagePath!,
                $"{entry.ImagePath}: the image has the EXIF orientation {turned.Orientation}, which is not applied; "
                + "look whether the label was drawn over the turned image, and set ApplyExifOrientation = true if so.",
                DatasetFault.Other,
                IsHint: true));
        }
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

    private void CheckImage(string path, out ImageHeader? header)
    {
        header = ImageHeader.Read(path, options.MaxPixels);
        var size = header.Value.Size;
        file.Read(path);
        images.DecodeRows(file, size, 0, size.Height);
    }

    private void CheckLabel(string path, out ImageSize? size)
    {
        size = ImageHeader.Read(path, options.MaxPixels).Size;
        file.Read(path);
        if (classIndex.Length < size.Value.Pixels)
            classIndex = ImageDecoder.Allocate(path, size.Value.Pixels);
        labels.DecodeClassIndex(file, size.Value, 0, size.Value.Height, classIndex);
    }
}
