using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace VocSeg.Torch;

/// <summary>
/// The bytes of a file of decoded samples: a head, an entry for each sample, their pixels, and the errors of those that
/// cannot be decoded.
/// </summary>
internal static unsafe class DiskCacheFormat
{
    internal const string Ending = ".samples";

    /// <summary>What the bytes mean; counted up with every change of them, or of what decoding gives.</summary>
    internal const long FormatVersion = 1;

    internal const ulong Mark = 0x73656C706D617356; // "Vsamples"

    /// <summary>The head and the entries of a file, and the errors at its end.</summary>
    /// <param name="key">What it is of.</param>
    /// <param name="entries">Its samples.</param>
    /// <param name="sawForeground">Whether any label shows a class other than 0.</param>
    /// <param name="layout">Where its parts are.</param>
    /// <param name="errors">The errors of broken samples.</param>
    internal static (byte[] Front, byte[] Back) Describe(
        DiskCacheKey key,
        Entry[] entries,
        bool sawForeground,
        DiskCacheLayout layout,
        IReadOnlyDictionary<int, DatasetException> errors)
    {
        var back = WriteErrors(errors);
        var head = new Head
        {
            Magic = Mark,
            Version = FormatVersion,
            Count = entries.Length,
            FileBytes = layout.ErrorsAt + back.Length,
            Samples = key.Samples,
            Labels = key.Labels,
            Decoder = key.Decoder,
            SawForeground = sawForeground ? 1 : 0,
        };
        head.Checksum = Checksum(head, entries, back);
        byte[] front =
        [
            .. MemoryMarshal.AsBytes(new ReadOnlySpan<Head>(ref head)), .. MemoryMarshal.AsBytes<Entry>(entries),
        ];
        return (front, back);
    }

    /// <returns>Zeros where the file is too short.</returns>
    internal static Head ReadHead(FileStream file)
    {
        var head = default(Head);
        var span = MemoryMarshal.AsBytes(new Span<Head>(ref head));
        return file.ReadAtLeast(span, span.Length, throwOnEndOfStream: false) == span.Length ? head : default;
    }

    /// <summary>The checksum over all but the pixels.</summary>
    internal static ulong Checksum(Head head, ReadOnlySpan<Entry> entries, ReadOnlySpan<byte> back)
    {
        head.Checksum = 0;
        var hash = new XxHash3();
        hash.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<Head>(ref head)));
        hash.Append(MemoryMarshal.AsBytes(entries));
        hash.Append(back);
        return hash.GetCurrentHashAsUInt64();
    }

    private static byte[] WriteErrors(IReadOnlyDictionary<int, DatasetException> errors)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(errors.Count);
        foreach (var (index, error) in errors)
        {
            var prefix = error.Path + ": ";
            writer.Write(index);
            writer.Write((int)error.Fault);
            writer.Write(error.Path);
            writer.Write(error.Message.StartsWith(prefix, StringComparison.Ordinal)
                ? error.Message[prefix.Length..]
                : error.Message);
        }
        writer.Flush();
        return stream.ToArray();
    }

    internal static Dictionary<int, DatasetException> ReadErrors(ReadOnlySpan<byte> bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes.ToArray()), Encoding.UTF8);
        var count = reader.ReadInt32();
        var read = new Dictionary<int, DatasetException>(count);
        for (var error = 0; error < count; error++)
        {
            var (index, fault) = (reader.ReadInt32(), (DatasetFault)reader.ReadInt32());
            read.Add(index, new(fault, reader.ReadString(), reader.ReadString()));
        }
        return read;
    }

    /// <summary>What there is of a sample.</summary>
    internal enum State : long
    {
        /// <summary>The pixels are there.</summary>
        Whole,

        /// <summary>The files could not be read when the others were; they are decoded when they are wanted.</summary>
        Absent,

        /// <summary>The files cannot be decoded, and the error stands here.</summary>
        Broken,
    }

    /// <summary>A sample of the file.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 8)]
    internal struct Entry
    {
        internal State State;
        internal long Offset;
        internal ulong Checksum;
        internal FileStamp Image;
        internal FileStamp Label;
    }

    /// <summary>The beginning of the file.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 8)]
    internal struct Head
    {
        internal ulong Magic;
        internal long Version;
        internal ulong Checksum;
        internal long Count;
        internal long FileBytes;
        internal ulong Samples;
        internal ulong Labels;
        internal ulong Decoder;
        internal long SawForeground;
    }
}
