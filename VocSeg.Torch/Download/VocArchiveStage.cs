namespace VocSeg.Torch;

/// <summary>What <see cref="VocArchive"/> is doing.</summary>
public enum VocArchiveStage
{
    /// <summary>Another process works on the same folder; this one waits for it.</summary>
    Waiting,

    /// <summary>The bytes that an earlier call left are read, for the checksum.</summary>
    Checking,

    /// <summary>Bytes come over the network.</summary>
    Downloading,

    /// <summary>An attempt failed; the next one follows.</summary>
    Retrying,

    /// <summary>Files are taken out of the tar.</summary>
    Unpacking,

    /// <summary>The VOC folder is whole.</summary>
    Finished,
}
