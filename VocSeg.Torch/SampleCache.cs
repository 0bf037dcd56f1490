namespace VocSeg.Torch;

/// <summary>Whether a loader keeps decoded samples.</summary>
public enum SampleCache
{
    /// <summary>Every epoch decodes every sample anew.</summary>
    None,

    /// <summary>
    /// The first epoch fills a cache in the host's memory, four bytes a pixel, while it trains; later epochs decode
    /// nothing. VOC's train split takes about 0.8 GB.
    /// </summary>
    Host,

    /// <summary>
    /// The same on the data set's device: later epochs move nothing to it. On the CPU it is the same as
    /// <see cref="Host"/>.
    /// </summary>
    Device,
}
