namespace TorchSharp.Serialization;

/// <summary>What stands before a saved tensor's bytes.</summary>
internal readonly record struct TensorHeader(torch.ScalarType Type, long[] Shape)
{
    public static TensorHeader Read(BinaryReader reader)
    {
        var type = (torch.ScalarType)reader.Decode();
        var shape = new long[reader.Decode()];
        for (var i = 0; i < shape.Length; i++) shape[i] = reader.Decode();
        return new TensorHeader(type, shape);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Encode((long)Type);
        writer.Encode(Shape.Length);
        foreach (var size in Shape) writer.Encode(size);
    }
}
