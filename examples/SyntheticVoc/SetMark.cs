namespace SyntheticVoc;

/// <summary>
/// The small files in a VOC2012 folder that say whose it is: one while the set is written, another once it is whole.
/// Without either the folder is not ours, and is left alone.
/// </summary>
internal sealed class SetMark : IDisposable
{
    // Raised when the same options begin to give other files.
    private const int Format = 1;

    private const string WholeName = "synthetic-voc.txt";
    private const string UnfinishedName = "synthetic-voc.unfinished";

    private readonly string _folder;
    private readonly FileStream _unfinished;

    private SetMark(string folder, FileStream unfinished)
    {
        _folder = folder;
        _unfinished = unfinished;
    }

    /// <summary>Whether the folder holds the whole set of these options.</summary>
    /// <exception cref="InvalidOperationException">It holds another set.</exception>
    internal static bool IsWhole(string folder, SyntheticVocOptions options)
    {
        var path = Path.Combine(folder, WholeName);
        if (!File.Exists(path))
            return false;
        var found = File.ReadAllText(path).TrimEnd();
        return found == Describe(options)
            ? true
            : throw new InvalidOperationException($"{folder} holds another set ({found}); delete it or name another folder.");
    }

    /// <summary>Takes the folder for writing, so that no other process writes there, and clears what a broken-off run left.</summary>
    /// <exception cref="InvalidOperationException">The folder is in use, or holds data that were not made here.</exception>
    internal static SetMark Begin(string folder)
    {
        var path = Path.Combine(folder, UnfinishedName);
        if (!File.Exists(path) && Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new InvalidOperationException($"{folder} holds data that were not generated here; name another folder.");

        Directory.CreateDirectory(folder);
        var mark = new SetMark(folder, TakeFile(path, folder));
        foreach (var leftover in Directory.EnumerateDirectories(folder))
            Directory.Delete(leftover, recursive: true);
        return mark;
    }

    /// <summary>Says that the set is whole. Nothing may be written after it.</summary>
    internal void Finish(SyntheticVocOptions options)
    {
        var path = Path.Combine(_folder, WholeName);
        File.WriteAllText(path + ".part", Describe(options) + "\n");
        File.Move(path + ".part", path, overwrite: true);
        _unfinished.Dispose();
        File.Delete(_unfinished.Name);
    }

    public void Dispose() => _unfinished.Dispose();

    private static FileStream TakeFile(string path, string folder)
    {
        try
        {
            return new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        }
        catch (IOException error) when (File.Exists(path))
        {
            throw new InvalidOperationException($"{folder} is being written by another process; wait for it or name another folder.", error);
        }
    }

    private static string Describe(SyntheticVocOptions options) =>
        $"train {options.Train}, val {options.Val}, seed {options.Seed}, {options.Subsampling}, quality {options.Quality}, sizes {options.Sizes}, format {Format}";
}
