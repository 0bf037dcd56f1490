namespace VocSeg.Torch;

/// <summary>Finds the VOC folder, the one that holds <c>JPEGImages</c> and its neighbours.</summary>
public static partial class VocFolder
{
    internal const string Images = "JPEGImages";
    internal const string Labels = "SegmentationClass";
    private const string Lists = "ImageSets/Segmentation";

    /// <summary>The VOC folder at or below a path.</summary>
    /// <param name="path">
    /// The VOC2012 folder, the VOCdevkit folder that holds it, or the folder that holds VOCdevkit.
    /// </param>
    /// <returns>The full path of the VOC folder.</returns>
    /// <exception cref="DatasetException">There is none; the message names what is missing.</exception>
    public static string Find(string path) => Find(path, Labels);

    /// <summary>The same for labels in another folder than <c>SegmentationClass</c>.</summary>
    private static string Find(string path, string labels)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        if (!Directory.Exists(full))
        {
            throw NotFound(
                full, "there is no such folder; give the VOC2012 folder, VOCdevkit, or the folder that holds it.");
        }

        // The message is about the candidate that lacks least: where only the label folder is missing, it says just
        // that.
        (string Folder, string[] Missing)? nearest = null;
        foreach (var candidate in Candidates(full, labels))
        {
            var missing = Missing(candidate, labels);
            if (missing.Length == 0)
                return candidate;
            if (missing.Length < (nearest?.Missing.Length ?? 3))
                nearest = (candidate, missing);
        }
        throw nearest is { } half
            ? NotFound(
                half.Folder,
                $"not a whole VOC folder: {string.Join(" and ", half.Missing)} missing; complete it, or give another "
                + "folder.")
            : NotFound(
                full,
                $"no VOC folder here: {Images}, {labels} and {Lists} are neither in it nor in VOC2012 or "
                + "VOCdevkit/VOC2012 below it.");
    }

    /// <summary>The list file of a split.</summary>
    private static string ListFile(string root, string split)
    {
        ArgumentException.ThrowIfNullOrEmpty(split);
        var folder = FolderFiles.Below(root, Lists);
        var named = Path.Combine(folder, split + ".txt");
        if (File.Exists(named))
            return Path.GetFullPath(named);
        if (File.Exists(split))
            return Path.GetFullPath(split);
        var others = Entries(folder, () => Directory.GetFiles(folder, "*.txt"))
            .Select(Path.GetFileNameWithoutExtension)
            .Order(StringComparer.Ordinal);
        throw NotFound(
            named,
            $"there is no such list, and '{split}' is no list file either; there are: {string.Join(", ", others)}.");
    }

    private static IEnumerable<string> Candidates(string full, string labels)
    {
        yield return full;
        foreach (var devkit in new[] { full, Path.Combine(full, "VOCdevkit") })
        {
            // Another year, or a set of one's own in VOC's shape, may stand beside VOC2012 or in its place.
            yield return Path.Combine(devkit, "VOC2012");
            if (Directory.Exists(devkit))
            {
                var years = Entries(devkit, () => Directory.GetDirectories(devkit, "VOC*"));
                if (years.Where(year => IsRoot(year, labels)).ToArray() is [var only])
                    yield return only;
            }
        }
    }

    private static DatasetException NotFound(string path, string message) =>
        new(DatasetFault.NotFound, path, message);

    private static string[] Entries(string folder, Func<string[]> list)
    {
        try
        {
            return list();
        }
        catch (Exception error) when (DatasetException.IsOfFile(error))
        {
            throw new DatasetException(
                DatasetException.KindOf(error), folder,
                $"the folder cannot be read: {error.Message} See to its permissions.", error);
        }
    }

    private static bool IsRoot(string folder, string labels) => Missing(folder, labels).Length == 0;

    private static string[] Missing(string folder, string labels) =>
        [.. new[] { Images, labels, Lists }.Where(name => !Directory.Exists(Path.Combine(folder, name)))];
}
