using VocSeg.Torch;

namespace Options;

/// <summary>Which samples a program takes, and what their labels mean.</summary>
internal record SampleSettings : ISettings
{
    [Setting("--root DIR", "A VOC2012 folder, or one that holds it or VOCdevkit.")]
    public string? Root { get; init; }

    [Setting("--images PATTERN", "Instead of --root: images, such as 'train/{id}.jpg'; {split} is the split's name.")]
    public string? Images { get; init; }

    [Setting("--labels PATTERN", "Their labels, such as 'masks/{id}.png'; with --root a folder in the VOC folder.")]
    public string? Labels { get; init; }

    [Setting("--list FILE", "Ids of the --images to take, one a line; {split} is the split's name.")]
    public string? List { get; init; }

    [Setting("--classes FILE", "labelmap.txt, .csv or .json; or voc, textbook, binary, cityscapes, camvid or ade20k.")]
    public string? Classes { get; init; }

    [Setting("--encoding auto|colors|indices", "What labels hold, where their files leave it open.")]
    public LabelEncoding? Encoding { get; init; }

    [Setting("--crop HxW", "Height and width of the crops; smaller samples are left out.")]
    public ImageSize Crop { get; init; } = new(320, 480);

    [Setting("--augment none|basic|strong", "How much samples are varied; with none they are cropped.")]
    public Augmentation Augment { get; init; }

    [Setting("--seed N", "What is random is drawn from it; without it runs differ.")]
    public long? Seed { get; init; }

    internal SampleCatalogOptions Files =>
        Root is null || Labels is null ? new() : new() { LabelFolder = Labels };

    /// <inheritdoc/>
    public virtual string? Fault => (Root is null) == (Images is null)
        ? "give --root for a VOC folder, or --images and --labels for others."
        : Root is not null && List is not null ? "--list goes with --images; a list of --root is a split." : null;

    internal virtual SegmentationPalette Palette
    {
        get
        {
            var palette = Classes switch
            {
                null or "voc" => SegmentationPalette.Voc,
                "textbook" => SegmentationPalette.VocTextbook,
                "binary" => SegmentationPalette.Binary,
                "cityscapes" => SegmentationPalette.Cityscapes,
                "camvid" => SegmentationPalette.CamVid,
                "ade20k" => SegmentationPalette.Ade20k,
                _ => SegmentationPalette.FromFile(Classes),
            };
            return Encoding switch
            {
                null => palette,
                LabelEncoding.Colors => palette with { IndexMap = null, LabelEncoding = LabelEncoding.Colors },
                { } encoding => palette with { LabelEncoding = encoding },
            };
        }
    }

    /// <summary>The samples of a split.</summary>
    internal SampleCatalog Open(string split, CancellationToken stop)
    {
        string? Of(string? pattern) => pattern?.Replace("{split}", split, StringComparison.Ordinal);
        return Images is null
            ? SampleCatalog.FromVoc(Root!, split, Files, cancellationToken: stop)
            : SampleCatalog.FromFolders(Of(Images)!, Of(Labels), Of(List), cancellationToken: stop);
    }
}
