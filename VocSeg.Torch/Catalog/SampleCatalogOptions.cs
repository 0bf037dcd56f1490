namespace VocSeg.Torch;

/// <summary>How a <see cref="SampleCatalog"/> is read.</summary>
public sealed record SampleCatalogOptions
{
    /// <summary>
    /// The folder in a VOC folder that holds the labels; by default <c>SegmentationClass</c>. It is for
    /// <see cref="SampleCatalog.FromVoc"/> alone. <c>SegmentationClassAug</c> is that of the larger training set with
    /// the labels of SBD.
    /// </summary>
    /// <exception cref="ArgumentException">Empty.</exception>
    public string LabelFolder
    {
        get;
        init
        {
            ArgumentException.ThrowIfNullOrEmpty(value);
            field = value;
        }
    } = VocFolder.Labels;

    /// <summary>How many headers are read at once, at least 1. By default one a processor.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int Parallelism
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = Environment.ProcessorCount;

    /// <summary>
    /// Whether a sample may stand in the list, or among the pairs, more than once; it then comes as often in an epoch.
    /// By default that is an error.
    /// </summary>
    public bool Repeats { get; init; }

    /// <summary>
    /// The most pixels that an image or label may have, at least 1. By default 256,000,000. A larger one is an error
    /// before memory is taken for it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public long MaxPixels
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 256_000_000;

    /// <summary>
    /// Whether images are turned as their EXIF orientation says, for labels that were drawn over the turned images. By
    /// default images are read as they are stored, which is what VOC's labels belong to.
    /// </summary>
    public bool ApplyExifOrientation { get; init; }
}
