namespace VocSeg.Torch;

/// <summary>
/// The files in a folder and the folders below it, listed once. Links to folders are followed; what begins with a dot
/// is left out. Paths are relative to the folder and have / between folders.
/// </summary>
internal sealed class FolderFiles
{
    private readonly List<string> paths = [];
    private readonly Lazy<ILookup<string, string>> byStem;
    private readonly Lazy<ILookup<string, string>> byLikeness;

    private FolderFiles(string folder)
    {
        Folder = folder;
        byStem = new(() => paths.ToLookup(Stem, StringComparer.Ordinal));
        byLikeness = new(() => paths.ToLookup(path => NearestName.Likeness(Stem(path)), StringComparer.Ordinal));
    }

    internal string Folder { get; }

    internal IReadOnlyList<string> Paths => paths;

    /// <exception cref="DatasetException">There is no such folder, or it or one below it may not be read.</exception>
    /// <exception cref="OperationCanceledException">The listing was stopped.</exception>
    internal static FolderFiles List(string folder, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
            throw NoFolder(folder);
        var files = new FolderFiles(folder);
        files.Add(new DirectoryInfo(folder), "", [], cancellation);
        return files;
    }

    /// <summary>A path below a folder as the system writes it; lists and patterns have / between folders.</summary>
    internal static string Below(string folder, string path) =>
        Path.Combine(folder, path.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>The files whose path without ending is this one.</summary>
    internal IEnumerable<string> WithStem(string stem) => byStem.Value[stem];

    /// <summary>The end of a sentence that names the file most likely meant by a path without ending.</summary>
    internal string Nearest(string stem)
    {
        var like = byLikeness.Value[NearestName.Likeness(stem)].Order(StringComparer.Ordinal).FirstOrDefault();
        if (like is not null)
            return $"; there is '{like}', {NearestName.Difference(stem, Stem(like))}";
        return NearestName.Of(stem, paths) is { } near ? $"; the nearest is '{near}'" : "; the folder holds no files";
    }

    private static string Stem(string path) => path[..^Path.GetExtension(path).Length];

    private void Add(DirectoryInfo folder, string prefix, HashSet<string> above, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            // A link to a folder above would lead round and round.
            var real = folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName;
            if (!above.Add(real))
                return;
            foreach (var entry in folder.EnumerateFileSystemInfos())
            {
                if (entry.Name.StartsWith('.'))
                    continue;
                if (entry is DirectoryInfo below)
                    Add(below, $"{prefix}{below.Name}/", above, cancellation);
                else
                    paths.Add(prefix + entry.Name);
            }
            above.Remove(real);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                DatasetFault.AccessDenied, folder.FullName,
                $"the folder cannot be read: {error.Message} See to its permissions.", error);
        }
    }

    private static DatasetException NoFolder(string folder)
    {
        var above = Path.GetDirectoryName(folder);
        while (above is not null && !Directory.Exists(above))
            above = Path.GetDirectoryName(above);
        var wanted = above is null ? folder : Path.GetRelativePath(above, folder).Split(Path.DirectorySeparatorChar)[0];
        var near = above is null ? null : NearestName.Of(wanted, FoldersIn(above));
        var hint = near is null ? $"{above} holds no folders" : $"in {above}, the nearest is '{near}'";
        return new(DatasetFault.NotFound, folder, $"there is no such folder; {hint}.");
    }

    private static IEnumerable<string> FoldersIn(string folder)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
