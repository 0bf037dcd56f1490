using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace FcnTraining;

/// <summary>Reads safetensors files: eight bytes that say how long the header is, a JSON header, then the tensors' bytes.</summary>
internal sealed class SafetensorsFile
{
    private const int LongestHeader = 100_000_000;

    private readonly string path;
    private readonly long dataStart;
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);

    private sealed record Entry(ScalarType Type, long[] Shape, long Begin, long End);

    /// <exception cref="InvalidDataException">Not a sound safetensors file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal SafetensorsFile(string path)
    {
        this.path = path;
        using var stream = File.OpenRead(path);
        Span<byte> length = stackalloc byte[8];
        if (stream.ReadAtLeast(length, 8, throwOnEndOfStream: false) < 8)
            throw Broken("it ends within the length of the header");
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(length);
        if (headerLength > LongestHeader || (long)headerLength > stream.Length - 8)
            throw Broken($"its header is said to be {headerLength} bytes long, which the file cannot hold");
        dataStart = 8 + (long)headerLength;
        var header = new byte[headerLength];
        stream.ReadExactly(header);
        try
        {
            using var document = JsonDocument.Parse(header);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name == "__metadata__")
                    continue;
                if (!entries.TryAdd(property.Name, Read(property, stream.Length - dataStart)))
                    throw Broken($"it names {property.Name} twice");
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"{path}: not a sound safetensors file: {error.Message}", error);
        }
    }

    internal IEnumerable<string> Names => entries.Keys;

    internal long[] ShapeOf(string name) => entries[name].Shape;

    /// <summary>A tensor of the file, on the CPU; the caller disposes it.</summary>
    internal Tensor Load(string name)
    {
        var entry = entries[name];
        var bytes = new byte[entry.End - entry.Begin];
        using var stream = File.OpenRead(path);
        stream.Position = dataStart + entry.Begin;
        stream.ReadExactly(bytes);
        var tensor = empty(entry.Shape, entry.Type);
        if (bytes.Length > 0)
            tensor.bytes = bytes;
        return tensor;
    }

    private Entry Read(JsonProperty property, long available)
    {
        var name = property.Value.GetProperty("dtype").GetString();
        var (type, size) = name switch
        {
            "F64" => (ScalarType.Float64, 8),
            "F32" => (ScalarType.Float32, 4),
            "F16" => (ScalarType.Float16, 2),
            "BF16" => (ScalarType.BFloat16, 2),
            "I64" => (ScalarType.Int64, 8),
            "I32" => (ScalarType.Int32, 4),
            "I16" => (ScalarType.Int16, 2),
            "I8" => (ScalarType.Int8, 1),
            "U8" => (ScalarType.Byte, 1),
            "BOOL" => (ScalarType.Bool, 1),
            _ => throw Broken($"{property.Name} has the type {name}, which is not known here"),
        };
        long[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt64())];
        long[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
        if (offsets is not [var begin, var end] || begin < 0 || end < begin || end > available)
            throw Broken($"{property.Name} lies outside the file");
        if (shape.Any(extent => extent < 0) || shape.Aggregate((long)size, (bytes, extent) => checked(bytes * extent)) != end - begin)
            throw Broken($"{property.Name} has {end - begin} bytes, which its shape ({string.Join(", ", shape)}) does not take");
        return new(type, shape, begin, end);
    }

    private InvalidDataException Broken(string what) => new($"{path}: not a sound safetensors file: {what}.");
}
