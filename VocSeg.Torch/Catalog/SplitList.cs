using System.Text;

namespace VocSeg.Torch;

/// <summary>A list file of samples: one a line. Blank lines, and lines that begin with #, do not count.</summary>
/// <param name="Path">The file.</param>
/// <param name="Lines">
/// The lines that count, without blanks at their ends, with their numbers in the file from 1.
/// </param>
/// <param name="IsUtf8">
/// False where the bytes are not UTF-8 and were taken for Latin-1, so that names may be wrong.
/// </param>
internal sealed record SplitList(string Path, IReadOnlyList<(int Number, string Text)> Lines, bool IsUtf8)
{
    private const int MostBytes = 1 << 28;

    /// <exception cref="DatasetException">The list cannot be read, is empty, or has control characters.</exception>
    internal static SplitList Read(string path)
    {
        var (text, isUtf8) = Decode(Bytes(path));
        var lines = new List<(int Number, string Text)>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var trimmed = line.Trim();
            if (trimmed.Length == 0 || trimmed[0] == '#')
                continue;
            if (trimmed.Any(letter => char.IsControl(letter) && letter != '\t'))
            {
                throw new DatasetException(
                    DatasetFault.List, path,
                    $"line {number} holds a control character, which no file name should have; write the list anew.");
            }
            lines.Add((number, trimmed));
        }
        if (lines.Count == 0)
        {
            throw new DatasetException(
                DatasetFault.List, path,
                "the list is empty but for blank lines and those that begin with #, or no ordinary file; it should "
                + "hold one sample id a line.");
        }
        return new(path, lines, isUtf8);
    }

    /// <summary>The error where an id stands in two lines and may stand in one.</summary>
    internal DatasetException Repeated(string id, int first, int again) =>
        new(
            DatasetFault.List, Path,
            $"'{id}' stands in line {first} and again in line {again}; take one of them out, or set Repeats = true to "
            + "read the sample more than once an epoch.", sampleId: id);

    /// <summary>An error about a name of this list, with what the list's own bytes may have to do with it.</summary>
    internal DatasetException Explain(DatasetException fault) =>
        IsUtf8 ? fault : fault.With(" The list is not UTF-8, so letters beyond ASCII were guessed.");

    private static byte[] Bytes(string path)
    {
        try
        {
            // A pipe has no length; to read it would wait for its writer.
            var length = new FileInfo(path).Length;
            if (length <= MostBytes)
                return length > 0 ? File.ReadAllBytes(path) : [];
            throw new DatasetException(
                DatasetFault.List, path,
                $"the list has {length} bytes, more than the {MostBytes} of a list; name another.");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            var what = Directory.Exists(path) ? "it is a folder, and no list file" : "there is no such list file";
            throw new DatasetException(DatasetFault.NotFound, path, $"{what}; correct its path.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                DatasetException.KindOf(error) is var kind and not DatasetFault.Other ? kind : DatasetFault.List, path,
                $"the list cannot be read: {error.Message} See to its permissions, or name another list.", error);
        }
    }

    private static (string Text, bool IsUtf8) Decode(byte[] bytes)
    {
        // Editors mark UTF-16 by its first two bytes, and some mark UTF-8 by three.
        if (bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            return (Encoding.Unicode.GetString(bytes.AsSpan(2)), true);
        if (bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return (Encoding.BigEndianUnicode.GetString(bytes.AsSpan(2)), true);
        var content = bytes.AsSpan();
        if (content.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            content = content[3..];
        try
        {
            return (new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(content), true);
        }
        catch (DecoderFallbackException)
        {
            return (Encoding.Latin1.GetString(content), false);
        }
    }
}
