using TorchSharp.Serialization;
using static TorchSharp.torch;

namespace TorchSharp;

public static partial class TensorExtensionMethods
{
    public static void Save(this Tensor tensor, BinaryWriter writer)
    {
        using var copy = tensor.device_type == DeviceType.CPU ? null : tensor.cpu();
        var source = copy ?? tensor;
        new TensorHeader(source.dtype, source.shape).Write(writer);
        source.WriteBytesToStream(writer.BaseStream);
    }

    public static void Save(this Tensor tensor, Stream stream)
    {
        using var writer = new BinaryWriter(stream);
        tensor.Save(writer);
    }

    public static void Save(this Tensor tensor, string location) => tensor.Save(File.Create(location));

    /// <summary>Reads into the tensor, which keeps its dtype, shape and device.</summary>
    public static void Load(this Tensor tensor, BinaryReader reader, bool skip = false)
    {
        const string advice = " Make sure that the model you are loading into is exactly the same as the origin.";
        var header = TensorHeader.Read(reader);
        if (header.Type != tensor.dtype)
            throw new ArgumentException("Mismatched tensor data types while loading." + advice);
        if (!skip && !header.Shape.SequenceEqual(tensor.shape))
            throw new ArgumentException("Mismatched tensor shape while loading." + advice);
        Fill(tensor, reader, skip);
    }

    public static void Load(ref Tensor? tensor, BinaryReader reader, bool skip = false)
    {
        var header = TensorHeader.Read(reader);
        if (tensor is null) tensor = skip ? zeros(header.Shape, header.Type) : empty(header.Shape, header.Type);
        else if (!skip && !header.Shape.SequenceEqual(tensor.shape))
            throw new ArgumentException(
                "Mismatched tensor shape while loading. Make sure that the model you are loading into is exactly the same as the origin.");
        Fill(tensor, reader, skip);
    }

    public static Tensor Load(BinaryReader reader, bool skip = false)
    {
        Tensor? tensor = null;
        Load(ref tensor, reader, skip);
        return tensor!;
    }

    private static void Fill(Tensor tensor, BinaryReader reader, bool skip)
    {
        if (skip)
        {
            reader.BaseStream.Seek(tensor.NumberOfElements * tensor.ElementSize, SeekOrigin.Current);
            return;
        }
        if (tensor.device_type == DeviceType.CPU)
        {
            tensor.ReadBytesFromStream(reader.BaseStream);
            return;
        }
        using var leaf = no_grad();
        using var read = empty_like(tensor, device: CPU);
        read.ReadBytesFromStream(reader.BaseStream);
        tensor.copy_(read);
    }
}
