using TorchSharp;

namespace VocSeg.Torch;

/// <summary>What a <see cref="VocSegDataset"/> makes of its samples.</summary>
public sealed record VocSegDatasetOptions
{
    /// <summary>
    /// The size that is cut from every image and its label. By default 320x480. Smaller samples are left out.
    /// </summary>
    /// <exception cref="ArgumentException">It has no pixels.</exception>
    public ImageSize Crop
    {
        get;
        init => field = value.Height > 0
            ? value
            : throw new ArgumentException(
                "The crop has no size; give one such as new ImageSize(320, 480).", nameof(Crop));
    } = new(320, 480);

    /// <summary>How bytes become floats. By default <see cref="Normalization.ImageNet"/>.</summary>
    /// <exception cref="ArgumentNullException">Null.</exception>
    public Normalization Normalization
    {
        get;
        init => field = value ?? throw new ArgumentNullException(
            nameof(Normalization), "For bytes to 0..1 and nothing else take Normalization.None.");
    } = Normalization.ImageNet;

    /// <summary>Which colour is which class. By default <see cref="SegmentationPalette.Voc"/>.</summary>
    /// <exception cref="ArgumentNullException">Null.</exception>
    public SegmentationPalette Palette
    {
        get;
        init => field = value ?? throw new ArgumentNullException(
            nameof(Palette), "For VOC's colours take SegmentationPalette.Voc.");
    } = SegmentationPalette.Voc;

    /// <summary>What decodes JPEG images. By default the fastest that is there.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not one of the named values.</exception>
    public ImageDecoderKind Decoder
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Decoder), $"{value} is none of Auto, Skia and TurboJpeg.");
    } = ImageDecoderKind.Auto;

    /// <summary>The device that the tensors are made on; null for the CPU.</summary>
    public torch.Device? Device { get; init; }

    /// <summary>
    /// What the crops, and the orders of a loader, are drawn from; null for a seed that differs from run to run.
    /// </summary>
    public long? Seed { get; init; }
}
