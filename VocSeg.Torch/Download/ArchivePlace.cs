using System.Security.Cryptography;
using System.Text;

namespace VocSeg.Torch;

/// <summary>
/// Where an archive's files lie: complete ones in <c>VOCdevkit</c>, incomplete ones in <c>.vocseg</c> beside it.
/// </summary>
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
        var isVoc = Path.GetFileName(full).StartsWith("VOC", StringComparison.Ordinal);
        if (isVoc && Path.GetFileName(parent) == DevkitName)
            return new(Path.GetDirectoryName(parent)!);
        return new(full);
    }

    /// <summary>The downloaded tar. It gets this name only when it is complete and its checksum is right.</summary>
    internal string Tar(VocArchiveOptions options) =>
        Path.Combine(Work, (options.Sha1 ?? NameOf(options.Key)) + ".tar");

    /// <exception cref="DatasetException">The folder cannot be read.</exception>
    internal string? FindWhole(VocArchiveOptions options)
    {
        if (!Directory.Exists(Devkit))
            return null;
        try
        {
            return Directory.EnumerateDirectories(Devkit).FirstOrDefault(root =>
                ArchiveMark.Read(root) is { } mark
                && mark.Key == options.Key
                && mark.Content >= options.Content
                && mark.IsTrueOf(root));
        }
        catch (Exception error) when (ArchiveDisk.IsFault(error))
        {
            throw new DatasetException(
                DatasetException.KindOf(error), Devkit,
                $"the folder cannot be read: {error.Message} See to its permissions.", error);
        }
    }

    private static string NameOf(string key) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 20)).ToLowerInvariant();
}

/// <summary>The mark of a complete VOC folder: its origin, and every file with its length.</summary>
internal sealed record ArchiveMark(string Key, VocArchiveContent Content, IReadOnlyDictionary<string, long> Lengths)
{
    internal const string FileName = ".vocseg-whole";

    /// <returns>Null where there is no mark, or one that is damaged.</returns>
    internal static ArchiveMark? Read(string root)
    {
        var mark = ArchiveDisk.Read(Path.Combine(root, FileName), ArchiveNotes.Default.ArchiveMark);
        return mark is { Key: not null, Lengths.Count: > 0 } && mark.Lengths.Keys.All(IsInside) ? mark : null;
    }

    internal void Write(string root) =>
        ArchiveDisk.Write(Path.Combine(root, FileName), this, ArchiveNotes.Default.ArchiveMark);

    /// <summary>
    /// Whether every file is there with its length. A list may have any length but 0, since users shorten lists.
    /// </summary>
    internal bool IsTrueOf(string root)
    {
        foreach (var folder in Lengths.GroupBy(file => Path.GetDirectoryName(file.Key) ?? "", StringComparer.Ordinal))
        {
            var present = new DirectoryInfo(Path.Combine(root, folder.Key));
            if (!present.Exists)
                return false;
            var lengths = present.EnumerateFiles()
                .ToDictionary(file => file.Name, file => file.Length, StringComparer.Ordinal);
            var lists = folder.Key.StartsWith("ImageSets", StringComparison.Ordinal);
            foreach (var (path, length) in folder)
            {
                if (!lengths.TryGetValue(Path.GetFileName(path), out var actual)
                    || (lists ? actual == 0 && length > 0 : actual != length))
                    return false;
            }
        }
        return true;
    }

    /// <summary>Whether a path leads to a file in the folder, as all do that a download has noted.</summary>
    private static bool IsInside(string path) => !Path.IsPathRooted(path) && !path.Any(char.IsControl)
        && !path.Split('/', '\\').Contains("..");
}
