namespace VocSeg.Torch;

/// <summary>How a <see cref="VocCatalog"/> is read.</summary>
public sealed record VocCatalogOptions
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
    } = VocRoot.Labels;

    /// <summary>
    /// The folder where image sizes are kept between runs, so that a second start does not read every header again; null to
    /// keep none. A kept size counts only while length and time of both files are the same. By default
    /// <c>VocSeg.Torch</c> in the user's local application data. A folder that cannot be written is no error.
    /// </summary>
    public string? SizeCacheFolder { get; init; } = DefaultSizeCacheFolder();

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

    private static string? DefaultSizeCacheFolder()
    {
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return data.Length == 0 ? null : Path.Combine(data, "VocSeg.Torch");
    }
}
