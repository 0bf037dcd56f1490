using System.Security.Cryptography;
using System.Text;

namespace VocSeg.Torch;

/// <summary>Where an archive's files lie: what is finished, and in <c>.vocseg</c> beside it what is not.</summary>
internal sealed class ArchivePlace
{
    internal const string DevkitName = "VOCdevkit";
    private readonly string folder;

    private ArchivePlace(string folder) => this.folder = folder;

    internal string Devkit => Path.Combine(folder, DevkitName);

    internal string Work => Path.Combine(folder, ".vocseg");

    internal string Lock => Path.Combine(Work, "lock");

    internal string Staging => Path.Combine(Work, "unpacking");

    internal static ArchivePlace Of(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var parent = Path.GetDirectoryName(full);
        if (Path.GetFileName(full) == DevkitName)
            return new(parent!);
        if (Path.GetFileName(parent) == DevkitName && Path.GetFileName(full).StartsWith("VOC", StringComparison.Ordinal))
            return new(Path.GetDirectoryName(parent)!);
        return new(full);
    }

    /// <summary>The downloaded tar: it has this name only when it is whole and its sum is right.</summary>
    internal string Tar(VocArchiveOptions options) =>
        Path.Combine(Work, options.Sha1 ?? Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(options.Key)).AsSpan(0, 20)).ToLowerInvariant())
        + ".tar";

    internal string? FindWhole(VocArchiveOptions options)
    {
        if (!Directory.Exists(Devkit))
            return null;
        return Directory.EnumerateDirectories(Devkit)
            .FirstOrDefault(root => ArchiveMark.Read(root) is { } mark && mark.Key == options.Key && mark.Content >= options.Content && mark.IsTrueOf(root));
    }
}
