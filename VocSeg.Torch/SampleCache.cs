using System.Diagnostics.CodeAnalysis;

namespace VocSeg.Torch;

/// <summary>Whether a loader keeps decoded samples, and where. Immutable; two that say the same are equal.</summary>
public sealed record SampleCache
{
    private const string NoneName = "none", HostName = "host", DeviceName = "device", DiskName = "disk";

    private SampleCache(string name, string? folder = null)
    {
        Name = name;
        Folder = folder;
    }

    /// <summary>Every epoch decodes every sample anew.</summary>
    public static SampleCache None { get; } = new(NoneName);

    /// <summary>
    /// The first epoch fills a cache in the host's memory, four bytes a pixel, while it trains; later epochs decode
    /// nothing. VOC's train split takes about 0.8 GB.
    /// </summary>
    public static SampleCache Host { get; } = new(HostName);

    /// <summary>
    /// The same on the data set's device: later epochs move nothing to it. On the CPU it is the same as
    /// <see cref="Host"/>.
    /// </summary>
    public static SampleCache Device { get; } = new(DeviceName);

    /// <summary>
    /// The first epoch of the first run decodes all samples into a file, four bytes a pixel; it and all later runs, and
    /// all processes of the machine, read it through the system's page cache and decode nothing.
    /// </summary>
    /// <remarks>
    /// The folder has a file for each set of samples, meaning of labels and decoder, so that loaders of training and
    /// validation may share it. A file is written anew where images or labels have changed since. It is never half:
    /// what was not written to its end counts as not written. Delete the folder when it is not needed any more.
    /// </remarks>
    /// <param name="path">The folder of the file; it is made where it is missing. A fast local disk is best.</param>
    /// <returns>The cache.</returns>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public static SampleCache Disk(string path) => new(DiskName, FullPath(path));

    /// <summary>
    /// A cache on the data set's device, as <see cref="Device"/>, that is filled from one on the disk, as
    /// <see cref="Disk"/>. On the CPU it is the same as <see cref="Disk"/>.
    /// </summary>
    /// <param name="path">The folder of the file; it is made where it is missing.</param>
    /// <returns>The cache.</returns>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public static SampleCache DeviceFromDisk(string path) => new(DeviceName, FullPath(path));

    /// <summary>Whether samples are kept on the data set's device.</summary>
    internal bool IsOnDevice => Name == DeviceName;

    /// <summary>The folder of the file on the disk; null where there is none.</summary>
    internal string? Folder { get; }

    /// <summary>What a file on the disk is written through.</summary>
    internal CacheDisk Access { get; init; } = CacheDisk.Real;

    private string Name { get; }

    /// <summary>Reads what a command line says.</summary>
    /// <param name="text"><c>none</c>, <c>host</c>, <c>device</c>, <c>disk=FOLDER</c> or <c>device=FOLDER</c>.</param>
    /// <param name="cache">The cache; null where the text is none of these.</param>
    /// <returns>Whether the text says one.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SampleCache? cache)
    {
        var parts = (text ?? "").Split('=', 2);
        cache = parts switch
        {
            [NoneName] => None,
            [HostName] => Host,
            [DeviceName] => Device,
            [DiskName, { Length: > 0 } path] => Disk(path),
            [DeviceName, { Length: > 0 } path] => DeviceFromDisk(path),
            _ => null,
        };
        return cache is not null;
    }

    /// <summary>The text that <see cref="TryParse"/> reads.</summary>
    public override string ToString() => Folder is null ? Name : $"{Name}={Folder}";

    private static string FullPath(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Path.GetFullPath(path);
    }
}
