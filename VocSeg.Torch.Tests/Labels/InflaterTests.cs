using System.Buffers.Binary;
using System.IO.Compression;

namespace VocSeg.Torch.Tests.Labels;

public class InflaterTests
{
    public static TheoryData<CompressionLevel> Levels => [.. Enum.GetValues<CompressionLevel>()];

    [Theory]
    [MemberData(nameof(Levels))]
    public void Gives_back_what_the_runtime_compressed(CompressionLevel level)
    {
        var random = new Random(11);
        foreach (var length in new[] { 1, 2, 31, 257, 258, 259, 1000, 40000, 300000 })
        {
            foreach (var bytes in Contents(random, length))
            {
                var stream = FilteredPng.Compress(bytes, level);
                Assert.Equal(bytes, Inflate(stream, length, whole: true));
                Assert.Equal(bytes[..(length / 2)], Inflate(stream, length / 2, whole: false));
            }
        }
    }

    [Fact]
    public void A_stream_of_another_length_than_said_is_refused()
    {
        var stream = FilteredPng.Compress(new byte[1000], CompressionLevel.Optimal);
        Assert.Null(Inflate(stream, 999, whole: true));
        Assert.Null(Inflate(stream, 1001, whole: true));
        Assert.Null(Inflate(stream, 1001, whole: false));
        Assert.NotNull(Inflate([.. stream, 1, 2, 3], 1000, whole: true));
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Truncated_streams_are_refused(CompressionLevel level)
    {
        foreach (var bytes in Contents(new(2), 900))
        {
            var stream = FilteredPng.Compress(bytes, level);
            for (var length = 0; length < stream.Length; length++)
                Assert.Null(Inflate(stream[..length], 900, whole: true));
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Wrong_bytes_are_refused_or_decompressed_as_by_the_runtime(CompressionLevel level)
    {
        var random = new Random(6);
        foreach (var bytes in Contents(random, 3000))
        {
            var stream = FilteredPng.Compress(bytes, level);
            for (var i = 0; i < 500; i++)
            {
                var broken = stream.ToArray();
                broken[random.Next(broken.Length)] ^= (byte)(1 << random.Next(8));
                var result = Inflate(broken, 3000, whole: true);
                Assert.True(result is null || result.AsSpan().SequenceEqual(ByRuntime(broken)));
                Inflate(broken, 2000, whole: false);
            }
        }
    }

    [Fact]
    public void Any_bytes_are_refused_or_decompressed()
    {
        var random = new Random(8);
        for (var i = 0; i < 5000; i++)
        {
            var stream = new byte[random.Next(2, 200)];
            random.NextBytes(stream);
            (stream[0], stream[1]) = (0x78, 0x9C);
            Inflate(stream, 5000, whole: i % 2 == 0);
        }
    }

    [Fact]
    public void The_checksum_is_that_of_the_runtime()
    {
        foreach (var length in Enumerable.Range(1, 600).Append(100_000))
        {
            var bytes = new byte[length];
            new Random(length).NextBytes(bytes);
            if (length % 3 == 0)
                Array.Fill(bytes, (byte)255);
            var stream = FilteredPng.Compress(bytes, CompressionLevel.Fastest);
            Assert.Equal(BinaryPrimitives.ReadUInt32BigEndian(stream.AsSpan()[^4..]), Adler32.Of(bytes));
        }
    }

    // The checksum is weak: some wrong bytes give another sound stream.
    private static byte[] ByRuntime(byte[] stream)
    {
        using var bytes = new MemoryStream();
        using var zlib = new ZLibStream(new MemoryStream(stream), CompressionMode.Decompress);
        zlib.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>Noise, text-like bytes, runs, and repeats at every small distance.</summary>
    private static IEnumerable<byte[]> Contents(Random random, int length)
    {
        var noise = new byte[length];
        random.NextBytes(noise);
        yield return noise;
        yield return [.. noise.Select(value => (byte)(value % 11 * (value % 3)))];
        yield return [.. Enumerable.Range(0, length).Select(i => (byte)(i / 77))];
        yield return [.. Enumerable.Range(0, length).Select(i => noise[i % Math.Min(length, 1 + i / 200)])];
    }

    /// <summary>The bytes, or null where the stream is refused. Memory that is not to be touched is checked.</summary>
    private static unsafe byte[]? Inflate(byte[] stream, int wanted, bool whole)
    {
        const byte Untouched = 0xA5;
        const int Guard = 64;
        byte[] input = [.. stream, .. Enumerable.Repeat((byte)0x5A, Inflater.InputSlack)];
        var output = new byte[wanted + Inflater.OutputSlack + Guard];
        output.AsSpan().Fill(Untouched);
        bool sound;
        fixed (byte* from = input, to = output)
            sound = new Inflater().TryInflate(from, stream.Length, to, wanted, whole);
        Assert.True(output.AsSpan(wanted + Inflater.OutputSlack).IndexOfAnyExcept(Untouched) < 0);
        return sound ? output[..wanted] : null;
    }
}
