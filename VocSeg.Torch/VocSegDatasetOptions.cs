using System.Collections.Immutable;
using TorchSharp;

namespace VocSeg.Torch;

/// <summary>What a <see cref="VocSegDataset"/> makes of its samples.</summary>
public sealed record VocSegDatasetOptions
{
    /// <summary>
    /// What is done to every sample on its way into a batch, in this order. By default a <see cref="RandomCrop"/> of
    /// 320x480 and nothing else, as in the textbook. Just one of them gives the batch its size: RandomCrop, CenterCrop,
    /// RandomResizedCrop or Whole.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// No transform gives the batch its size, more than one does, one changes it afterwards, or one is null.
    /// </exception>
    public ImmutableArray<SampleTransform> Transforms
    {
        get => Chain.Transforms;
        init => Chain = new(value.IsDefault ? [] : value);
    }

    internal TransformChain Chain { get; private init; } = new([new RandomCrop(new(320, 480))]);

    /// <summary>Whether images have three channels or one. By default <see cref="ImageChannels.Rgb"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not one of the named values.</exception>
    public ImageChannels Channels
    {
        get;
        init => field = NamedValue.Require(value, nameof(Channels));
    }

    /// <summary>Whether labels are class indices or a mask. By default <see cref="LabelForm.ClassIndex"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not one of the named values.</exception>
    public LabelForm LabelForm
    {
        get;
        init => field = NamedValue.Require(value, nameof(LabelForm));
    }

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
        init => field = NamedValue.Require(value, nameof(Decoder));
    } = ImageDecoderKind.Auto;

    /// <summary>
    /// Whether a JPEG is decoded at a half, a quarter or an eighth of its sides where a sample shrinks by as much or
    /// more along both. It pays for images that are much larger than what is made of them. By default false.
    /// </summary>
    /// <remarks>
    /// <para>
    /// A reduced pixel is about the mean of those that it stands for, which smooths what shrinks, while a shrunk image
    /// is not smoothed without it. Where levels change evenly, an image of best quality is within 5 levels of 255 of
    /// what it is without, on average 0.6; at its edges within that and 3.5 times what two neighbours differ. Fine
    /// detail differs by more. Nothing else differs: what is drawn, what is padded, and labels, which are never
    /// reduced.
    /// </para>
    /// <para>
    /// Images that are no JPEG, that have a side below 8 or that shrink by less are decoded whole, and
    /// <see cref="TransformedSample"/> decodes all of them whole. Caches keep whole images, so that a loader with a
    /// cache refuses it.
    /// </para>
    /// </remarks>
    public bool ReducedJpegDecoding { get; init; }

    /// <summary>The device that the tensors are made on; null for the CPU.</summary>
    public torch.Device? Device { get; init; }

    /// <summary>
    /// What the crops, and the orders of a loader, are drawn from; null for a seed that differs from run to run.
    /// </summary>
    public long? Seed { get; init; }

    /// <summary>The key of the image in the dictionary of <see cref="VocSegDataset.GetTensor(long)"/>.</summary>
    /// <exception cref="ArgumentException">Empty.</exception>
    public string ImageKey { get; init => field = Key(value, nameof(ImageKey)); } = "image";

    /// <summary>The key of the label in that dictionary.</summary>
    /// <exception cref="ArgumentException">Empty.</exception>
    public string LabelKey { get; init => field = Key(value, nameof(LabelKey)); } = "label";

    /// <summary>The key of a mask's weight in that dictionary, see <see cref="LabelForm.Mask"/>.</summary>
    /// <exception cref="ArgumentException">Empty.</exception>
    public string WeightKey { get; init => field = Key(value, nameof(WeightKey)); } = "weight";

    private static string Key(string value, string name) => string.IsNullOrEmpty(value)
        ? throw new ArgumentException($"{name} is the key of a tensor and cannot be empty.", name)
        : value;
}
