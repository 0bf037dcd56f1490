namespace VocSeg.Torch;

/// <summary>How much of an archive <see cref="VocArchive"/> unpacks.</summary>
public enum VocArchiveContent
{
    /// <summary>What segmentation needs: the lists, the label images, and the photos that the lists name. About 330 MB of the official 2 GB.</summary>
    Segmentation,

    /// <summary>Every file of the VOC folder.</summary>
    Everything,
}
