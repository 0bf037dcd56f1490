using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VocSeg.Torch;

/// <summary>
/// Image sizes kept between runs, one small text file a VOC folder. An entry holds the length and time of both files, and
/// counts only while they are the same.
/// </summary>
internal sealed class SizeCache
{
    private const string Header = "vocseg sizes 1";
    private readonly string? file;
    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private int added;

    private SizeCache(string? file) => this.file = file;

    /// <summary>How many headers had to be read because no kept size counted.</summary>
    internal int Added => added;

    internal static SizeCache Load(string? cacheFolder, string root)
    {
        var cache = new SizeCache(cacheFolder is null ? null : Path.Combine(cacheFolder, $"sizes-{Digest(root)}.txt"));
        if (!File.Exists(cache.file))
            return cache;
        try
        {
            using var lines = File.ReadLines(cache.file).GetEnumerator();
            if (!lines.MoveNext() || lines.Current != Header)
                return cache;
            while (lines.MoveNext())
            {
                if (Entry.TryParse(lines.Current, out var id, out var entry))
                    cache.entries[id] = entry;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The headers will be read instead.
        }
        return cache;
    }

    internal ImageSize GetOrRead(string id, string imagePath, string labelPath, Func<ImageSize> read)
    {
        var image = Stamp.Of(imagePath);
        var label = Stamp.Of(labelPath);
        if (entries.TryGetValue(id, out var kept) && kept.Image == image && kept.Label == label)
            return kept.Size;
        var size = read();
        entries[id] = new(image, label, size);
        Interlocked.Increment(ref added);
        return size;
    }

    internal void Save()
    {
        if (file is null || added == 0)
            return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            // Another process may write the same file at this moment: each writes its own and puts it in place whole.
            var partial = $"{file}.{Guid.NewGuid():N}.partial";
            File.WriteAllLines(partial, entries.Select(pair => pair.Value.Line(pair.Key)).Order(StringComparer.Ordinal).Prepend(Header));
            File.Move(partial, file, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Only time is lost: the next start reads the headers again.
        }
    }

    private static string Digest(string root) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)).AsSpan(0, 8));

    private readonly record struct Stamp(long Length, long Ticks)
    {
        internal static Stamp Of(string path)
        {
            var info = new FileInfo(path);
            return info.Exists ? new(info.Length, info.LastWriteTimeUtc.Ticks) : default;
        }
    }

    private readonly record struct Entry(Stamp Image, Stamp Label, ImageSize Size)
    {
        internal string Line(string id) => string.Create(
            CultureInfo.InvariantCulture,
            $"{id} {Image.Length} {Image.Ticks} {Label.Length} {Label.Ticks} {Size.Height} {Size.Width}");

        internal static bool TryParse(string line, out string id, out Entry entry)
        {
            var words = line.Split(' ');
            id = words[0];
            entry = default;
            var numbers = new long[6];
            if (words.Length != 7)
                return false;
            for (var i = 0; i < 6; i++)
            {
                if (!long.TryParse(words[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                    return false;
            }
            if (numbers[4] is < 1 or > int.MaxValue || numbers[5] is < 1 or > int.MaxValue)
                return false;
            entry = new(new(numbers[0], numbers[1]), new(numbers[2], numbers[3]), new((int)numbers[4], (int)numbers[5]));
            return true;
        }
    }
}
