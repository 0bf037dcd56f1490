using System.Numerics;
using System.Text;

namespace TorchSharp.Modules;

/// <summary>
/// TensorBoard's event files: records of a length, its checksum, a protocol buffer message and its checksum. Only the messages for
/// the file's version and for one number are known here.
/// </summary>
internal static class EventFile
{
    internal static void AppendVersion(string path)
        => Append(path, Message(writer => Event(writer, DateTime.Now.Ticks, 0, 0x1A, Encoding.UTF8.GetBytes("brain.Event:2"))));

    internal static void AppendScalar(string path, string tag, float value, long step, double time)
    {
        var number = Message(writer =>
        {
            Bytes(writer, 0x0A, Encoding.UTF8.GetBytes(tag));
            writer.Write((byte)0x15);
            writer.Write(value);
        });
        Append(path, Message(writer => Event(writer, time, step, 0x2A, Message(summary => Bytes(summary, 0x0A, number)))));
    }

    private static void Event(BinaryWriter writer, double time, long step, byte tag, byte[] content)
    {
        writer.Write((byte)0x09);
        writer.Write(time);
        if (step != 0)
        {
            writer.Write((byte)0x10);
            writer.Write7BitEncodedInt64(step);
        }
        Bytes(writer, tag, content);
    }

    private static void Bytes(BinaryWriter writer, byte tag, byte[] bytes)
    {
        writer.Write(tag);
        writer.Write7BitEncodedInt(bytes.Length);
        writer.Write(bytes);
    }

    private static byte[] Message(Action<BinaryWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true)) write(writer);
        return stream.ToArray();
    }

    private static void Append(string path, byte[] message)
    {
        var length = BitConverter.GetBytes((long)message.Length);
        using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        using var writer = new BinaryWriter(stream);
        writer.Write(length);
        writer.Write(MaskedChecksum(length));
        writer.Write(message);
        writer.Write(MaskedChecksum(message));
    }

    // TensorFlow rotates its CRC-32C by 15 bits and adds a constant.
    private static uint MaskedChecksum(byte[] bytes)
    {
        var checksum = uint.MaxValue;
        foreach (var value in bytes) checksum = BitOperations.Crc32C(checksum, value);
        return BitOperations.RotateRight(~checksum, 15) + 0xa282ead8;
    }
}
