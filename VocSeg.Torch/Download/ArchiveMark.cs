using System.Globalization;

namespace VocSeg.Torch;

/// <summary>The mark of a finished VOC folder: where it came from, and every file with its length.</summary>
internal sealed record ArchiveMark(string Key, VocArchiveContent Content, IReadOnlyDictionary<string, long> Lengths)
{
    internal const string FileName = ".vocseg-whole";
    private const string Header = "vocseg archive 1";
    private const string End = "end";

    /// <returns>Null where there is none, or none that is whole itself.</returns>
    internal static ArchiveMark? Read(string root)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(Path.Combine(root, FileName));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        if (lines is not [Header, var key, var word, .. var files, End] || !Enum.TryParse<VocArchiveContent>(word, out var content))
            return null;
        var lengths = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var line in files)
        {
            var blank = line.IndexOf(' ', StringComparison.Ordinal);
            if (blank < 1 || !long.TryParse(line.AsSpan(0, blank), NumberStyles.None, CultureInfo.InvariantCulture, out var length))
                return null;
            lengths[line[(blank + 1)..]] = length;
        }
        return new(key, content, lengths);
    }

    internal void Write(string root)
    {
        var partial = Path.Combine(root, FileName + ".partial");
        File.WriteAllLines(partial, [
            Header, Key, Content.ToString(),
            .. Lengths.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Value} {file.Key}")),
            End]);
        File.Move(partial, Path.Combine(root, FileName), overwrite: true);
    }

    /// <summary>Whether every file is there with its length. Lists count whatever their length, so that they may be shortened.</summary>
    internal bool IsTrueOf(string root)
    {
        foreach (var folder in Lengths.GroupBy(file => Path.GetDirectoryName(file.Key) ?? "", StringComparer.Ordinal))
        {
            var present = new DirectoryInfo(Path.Combine(root, folder.Key));
            if (!present.Exists)
                return false;
            var lengths = present.EnumerateFiles().ToDictionary(file => file.Name, file => file.Length, StringComparer.Ordinal);
            var lists = folder.Key.StartsWith("ImageSets", StringComparison.Ordinal);
            foreach (var (path, length) in folder)
            {
                if (!lengths.TryGetValue(Path.GetFileName(path), out var actual) || (lists ? actual == 0 && length > 0 : actual != length))
                    return false;
            }
        }
        return true;
    }
}
