namespace TorchSharp.Serialization;

/// <summary>Numbers of seven bits a byte, the lowest first; the top bit says that more follow.</summary>
internal static class Leb128
{
    public static void Encode(this BinaryWriter writer, long value)
    {
        if (value < 0) throw new NotImplementedException("LEB128 encoding of negative numbers");
        for (; value >= 0x80; value >>= 7) writer.Write((byte)(value | 0x80));
        writer.Write((byte)value);
    }

    public static long Decode(this BinaryReader reader)
    {
        var value = 0L;
        for (var shift = 0; ; shift += 7)
        {
            var part = reader.ReadByte();
            value |= (long)(part & 0x7f) << shift;
            if (part < 0x80) return value;
        }
    }
}
