using System.Text;
using System.Text.Json;

namespace VocSeg.Torch;

/// <summary>Reads the classes of a palette from JSON, with the line of each.</summary>
internal static class PaletteJson
{
    private const string Shape =
        "a palette is an array such as [{\"name\": \"car\", \"r\": 51, \"g\": 221, \"b\": 255}], or an object with "
        + "one as \"classes\".";

    private static readonly JsonReaderOptions Options =
        new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    internal static IReadOnlyList<PaletteFile.Entry> Read(string path, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, Options);
        try
        {
            reader.Read();
            List<PaletteFile.Entry>? entries = null;
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                entries = ReadArray(path, bytes, ref reader);
            }
            else if (reader.TokenType == JsonTokenType.StartObject)
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var isClasses = reader.ValueTextEquals("classes"u8);
                    reader.Read();
                    if (isClasses && reader.TokenType == JsonTokenType.StartArray)
                        entries = ReadArray(path, bytes, ref reader);
                    else
                        reader.Skip();
                }
            }
            // What follows the value is an error, which the next call finds.
            reader.Read();
            return entries ?? throw PaletteFile.Wrong(path, 1, $"there is no array of classes: {Shape}");
        }
        catch (JsonException error)
        {
            var line = (int)(error.LineNumber ?? 0) + 1;
            throw new DatasetException(
                DatasetFault.List, path, $"line {line}: this is no JSON ({error.Message}); correct it.", error);
        }
    }

    private static List<PaletteFile.Entry> ReadArray(string path, ReadOnlySpan<byte> bytes, ref Utf8JsonReader reader)
    {
        var entries = new List<PaletteFile.Entry>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var line = bytes[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1;
            if (reader.TokenType != JsonTokenType.StartObject)
                throw PaletteFile.Wrong(path, line, $"a class is an object: {Shape}");
            var entry = new PaletteFile.Entry(line, null, null, null, null);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var property = reader.GetString()!.ToLowerInvariant();
                reader.Read();
                var value = reader.TokenType switch
                {
                    JsonTokenType.String => reader.GetString(),
                    JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
                    _ => null,
                };
                reader.Skip();
                entry = property switch
                {
                    "name" => entry with { Name = value },
                    "r" or "red" => entry with { Red = value },
                    "g" or "green" => entry with { Green = value },
                    "b" or "blue" => entry with { Blue = value },
                    "class" => entry with { Class = value },
                    _ => entry,
                };
            }
            entries.Add(entry);
        }
        return entries;
    }
}
