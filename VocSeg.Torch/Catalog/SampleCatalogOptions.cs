namespace VocSeg.Torch;

/// <summary>How a <see cref="SampleCatalog"/> is read.</summary>
public sealed record SampleCatalogOptions
{
    /// <summary>
    /// The folder in the VOC folder that holds the labels; by default <c>SegmentationClass</c>. <c>SegmentationClassAug</c> is that of the larger
    /// training set with the labels of SBD. A label file that is 8-bit gray holds class indices, any other one colours.
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
}
