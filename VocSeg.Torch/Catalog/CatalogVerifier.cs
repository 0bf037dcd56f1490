namespace VocSeg.Torch;

/// <summary>Decodes whole samples and keeps what is wrong with them. Not thread-safe; one per thread.</summary>
internal sealed class CatalogVerifier
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

    /// <param name="entries">The samples, each pair of files once.</param>
    /// <param name="name">Where they come from.</param>
    /// <param name="options">The bound on pixels, and how many threads.</param>
    /// <param name="palette">The colours that labels may have.</param>
    /// <param name="progress">Is told, from several threads, how many are done.</param>
    /// <param name="cancellation">Stops the work.</param>
    internal static CatalogReport Run(
        IReadOnlyList<CatalogEntry> entries,
        string name,
        SampleCatalogOptions options,
        SegmentationPalette palette,
        IProgress<(int Done, int Total)>? progress,
        CancellationToken cancellation)
    {
        var strict = palette with { UnknownColor = UnknownColor.Error };
        var findings = SampleCatalog.ForEach(
            entries.Count,
            $"samples of {name}",
            options,
            () => new CatalogVerifier(strict, options, cancellation),
            (verifier, index) => verifier.Check(entries[index]),
            progress,
            cancellation);
        return new(name, entries.Count, [.. findings.SelectMany(found => found)]);
    }

    private List<CatalogFinding> Check(CatalogEntry entry)
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
            Try(() => entry.RequireSameSize(header, size));
        if (image is { Orientation: > 1 } turned && !entry.TurnsImage)
        {
            findings.Add(new(
                entry.Id,
                entry.ImagePath!,
                $"{entry.ImagePath}: the image has the EXIF orientation {turned.Orientation}, which is not applied; "
                + "look whether the label was drawn over the turned image, and set ApplyExifOrientation = true if so.",
                DatasetFault.Other,
                IsHint: true));
        }
        return [.. findings.OrderBy(finding => finding.Path, StringComparer.Ordinal)];

        void Try(Action check)
        {
            try
            {
                check();
            }
            catch (DatasetException fault)
            {
                var told = entry.ImagePath is { } other ? ExchangedFiles.Explain(fault, other) : fault;
                findings.Add(new(entry.Id, told.Path, told.Message, told.Fault));
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
