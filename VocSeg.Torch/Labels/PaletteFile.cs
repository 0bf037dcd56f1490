using System.Globalization;
using System.Text;

namespace VocSeg.Torch;

/// <summary>Reads a palette from a text file: CVAT's labelmap.txt, CSV or JSON.</summary>
internal static class PaletteFile
{
    private const int MostBytes = 1 << 20;
    private const string IgnoreWord = "ignore";

    /// <summary>What a file says of a colour, as it stands there; null where it says nothing.</summary>
    /// <param name="Line">The line, from 1.</param>
    /// <param name="Name">The name.</param>
    /// <param name="Red">Red.</param>
    /// <param name="Green">Green.</param>
    /// <param name="Blue">Blue.</param>
    /// <param name="Class">A class index, or "ignore".</param>
    internal readonly record struct Entry(
        int Line, string? Name, string? Red, string? Green, string? Blue, string? Class = null);

    internal static SegmentationPalette Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var text = ReadText(path);
        var entries = FormatOf(path, text) switch
        {
            Format.Json => PaletteJson.Read(path, text),
            Format.Csv => PaletteCsv.Read(path, text),
            _ => ReadLabelMap(path, text),
        };
        if (entries.Count > 0)
            return Build(path, entries);
        throw new DatasetException(
            DatasetFault.List, path, "the file names no class; give every class a name and a colour.");
    }

    internal static DatasetException Wrong(string path, int line, string what) =>
        new(DatasetFault.List, path, $"line {line}: {what}");

    private static string ReadText(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                throw new DatasetException(
                    DatasetFault.NotFound, path, "there is no such file; correct the path of the palette.");
            }
            // What is no ordinary file has no length; reading it could wait for ever.
            if (file.Length is 0 or > MostBytes)
            {
                var what = file.Length == 0 ? "empty, or no ordinary file" : $"{file.Length} bytes long";
                throw new DatasetException(
                    DatasetFault.List, path,
                    $"the file is {what}; a palette is a text file of 1 to {MostBytes} bytes.");
            }
            using var reader = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException error)
        {
            throw new DatasetException(DatasetFault.List, path, "the file is not UTF-8; save it as UTF-8.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                error is UnauthorizedAccessException ? DatasetFault.AccessDenied : DatasetFault.List, path,
                $"the palette cannot be read: {error.Message} See to its permissions, or name another file.",
                error);
        }
    }

    private static Format FormatOf(string path, string text)
    {
        var ending = Path.GetExtension(path);
        if (ending.Equals(".json", StringComparison.OrdinalIgnoreCase))
            return Format.Json;
        if (ending.Equals(".csv", StringComparison.OrdinalIgnoreCase))
            return Format.Csv;
        var first = Lines(text).Select(line => line.Text).FirstOrDefault(line => line[0] != '#') ?? "";
        return first.StartsWith('{') || first.StartsWith('[') ? Format.Json
            : first.Length == 0 || first.Contains(':') ? Format.LabelMap
            : Format.Csv;
    }

    /// <summary>The lines that are not blank, with their numbers from 1.</summary>
    internal static IEnumerable<(int Number, string Text)> Lines(string text) => text.Split('\n')
        .Select((line, index) => (index + 1, line.Trim()))
        .Where(line => line.Item2.Length > 0);

    private static List<Entry> ReadLabelMap(string path, string text)
    {
        var entries = new List<Entry>();
        foreach (var (line, content) in Lines(text))
        {
            if (content[0] == '#')
                continue;
            var fields = content.Split(':');
            var channels = fields.Length is >= 2 and <= 4 ? fields[1].Split(',') : [];
            if (channels.Length != 3)
            {
                throw Wrong(
                    path, line, $"'{content}' is no label and colour; write it as name:r,g,b:parts:actions, such as "
                    + "car:51,221,255::");
            }
            entries.Add(new(line, fields[0], channels[0], channels[1], channels[2]));
        }
        return entries;
    }

    private static SegmentationPalette Build(string path, IReadOnlyList<Entry> entries)
    {
        var colors = new Dictionary<RgbColor, int>();
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        var classes = new SortedDictionary<int, (string Name, RgbColor Color)>();
        var further = new List<(RgbColor Color, int ClassIndex)>();
        var ignored = new List<RgbColor>();
        foreach (var entry in entries)
        {
            var line = entry.Line;
            var name = entry.Name?.Trim() ?? "";
            if (name.Length == 0)
                throw Wrong(path, line, "the class has no name; give it one.");
            if (!names.TryAdd(name, line))
            {
                throw Wrong(
                    path, line, $"the name '{name}' stands in line {names[name]} already; take one of them out.");
            }
            var color = new RgbColor(
                Channel(path, line, "red", entry.Red),
                Channel(path, line, "green", entry.Green),
                Channel(path, line, "blue", entry.Blue));
            if (!colors.TryAdd(color, line))
            {
                throw Wrong(
                    path,
                    line,
                    $"the colour {color} stands in line {colors[color]} already; give every class its own.");
            }
            if ((entry.Class is null) != (entries[0].Class is null))
                throw Wrong(path, line, "a class is said for some colours only; say it for all, or for none.");
            var index = entry.Class is null ? classes.Count : ClassOf(path, line, entry.Class);
            if (index == IndexMap.Ignore)
                ignored.Add(color);
            else if (!classes.TryAdd(index, (name, color)))
                further.Add((color, index));
        }
        if (classes.Count is 0 or > SegmentationPalette.MaxClasses)
        {
            throw Wrong(
                path, entries[^1].Line,
                $"the file has {classes.Count} classes; a palette has 1 to {SegmentationPalette.MaxClasses}.");
        }
        var first = classes.Keys.TakeWhile((index, place) => index == place).Count();
        if (first < classes.Count)
        {
            var (name, color) = classes.Values.ElementAt(first);
            throw Wrong(
                path,
                colors[color],
                $"'{name}' has a class number above {first}, which no line has; number the classes from 0 without a "
                + "gap.");
        }
        return new(classes.Values.Select(one => one.Color), classes.Values.Select(one => one.Name))
        {
            FurtherColors = [.. further],
            IgnoreColors = [.. ignored],
        };
    }

    private static byte Channel(string path, int line, string channel, string? value)
    {
        const NumberStyles Digits = NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
        if (byte.TryParse(value, Digits, CultureInfo.InvariantCulture, out var level))
            return level;
        throw Wrong(
            path, line, value is null
                ? $"the class has no {channel}; give it red, green and blue, 0 to 255."
                : $"{channel} is '{value.Trim()}'; take a whole number from 0 to 255.");
    }

    private static int ClassOf(string path, int line, string text)
    {
        var value = text.Trim();
        if (value.Equals(IgnoreWord, StringComparison.OrdinalIgnoreCase))
            return IndexMap.Ignore;
        return byte.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && index < SegmentationPalette.MaxClasses
            ? index
            : throw Wrong(
                path, line, $"class is '{value}'; take 0 to {SegmentationPalette.MaxClasses - 1}, or {IgnoreWord}.");
    }

    private enum Format
    {
        LabelMap,
        Csv,
        Json,
    }
}
