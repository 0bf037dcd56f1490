using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using static TorchSharp.torch;

namespace VocSeg.Torch.Tests;

/// <summary>Writes safetensors files, sound and broken ones.</summary>
internal static class SafetensorsFile
{
    internal static void Write(string path, IEnumerable<(string Name, Tensor Value)> tensors)
    {
        var header = new Dictionary<string, object> { ["__metadata__"] = new { format = "pt" } };
        using var data = new MemoryStream();
        foreach (var (name, value) in tensors)
        {
            var begin = data.Length;
            data.Write(value.bytes);
            var type = value.dtype switch
            {
                ScalarType.Float32 => "F32",
                ScalarType.Int64 => "I64",
                ScalarType.Float16 => "F16",
                var other => throw new NotSupportedException($"{other}"),
            };
            header.Add(name, new { dtype = type, shape = value.shape, data_offsets = new[] { begin, data.Length } });
        }
        Write(path, JsonSerializer.Serialize(header), data.ToArray());
    }

    internal static void Write(string path, string header, byte[] data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        File.WriteAllBytes(path, [.. length, .. text, .. data]);
    }
}
