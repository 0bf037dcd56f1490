using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;

namespace VocSeg.Torch.Tests.Fuzzing;

/// <summary>
/// Files that are no images at all, and images made to take time or memory: refused or read, and always soon.
/// </summary>
[Collection(LiveTensors.Name)]
public sealed class HostileFileTests : IDisposable
{
    private const long MaxPixels = 1 << 28;
    private const long MostMemory = 400 << 20;

    private static readonly Dictionary<string, Func<byte[]>> Refused = new()
    {
        ["one byte"] = () => [0xFF],
        ["start of a JPEG"] = () => [0xFF, 0xD8],
        ["start and end of a JPEG"] = () => [0xFF, 0xD8, 0xFF, 0xD9],
        ["signature of a PNG"] = () => [.. PngWriter.Signature],
        ["text"] = () => [.. "This is no image."u8],
        ["web page"] = () => [.. "<!DOCTYPE html><html><body><h1>404 Not Found</h1></body></html>"u8],
        ["pointer of Git LFS"] = () => [.. "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 9\n"u8],
        ["drawing"] = () => [.. "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>"u8],
        ["archive"] = () => [.. "PK\x3\x4"u8, .. new byte[60]],
        ["zeros"] = () => new byte[1 << 20],
        ["random bytes"] = () => Noise(1 << 20),
        ["markers of a JPEG without end"] = () => [0xFF, 0xD8, .. Enumerable.Repeat((byte)0xFF, 4 << 20)],
        ["segments of a JPEG without end"] = () => [0xFF, 0xD8, .. Repeat([0xFF, 0xE0, 0, 2], 1 << 20)],
        ["long segments of a JPEG and no image"] = () =>
            [0xFF, 0xD8, .. Repeat([0xFF, 0xE2, 0xFF, 0xFF, .. new byte[65533]], 60)],
        ["JPEG of 30000 x 30000"] = () => HugeHeaders.Jpeg(30000, 30000),
        ["JPEG of 24000 x 24000"] = () => HugeHeaders.Jpeg(24000, 24000),
        ["JPEG of 65500 x 65500"] = () => HugeHeaders.Jpeg(65500, 65500),
        ["JPEG of no rows"] = () => HugeHeaders.Jpeg(0, 48),
        ["PNG of 30000 x 30000"] = () => HugeHeaders.Png(30000, 30000),
        ["PNG of the largest size"] = () => HugeHeaders.Png(int.MaxValue, int.MaxValue),
        ["PNG of no columns"] = () => HugeHeaders.Png(8, 0),
        ["PNG of a negative size"] = () => HugeHeaders.Png(-8, -8),
        ["WBMP of 65535 x 65535"] = () => [0, 0, 0x83, 0xFF, 0x7F, 0x83, 0xFF, 0x7F, .. new byte[99]],
        ["GIF of 65535 x 65535"] = () => Gif(65535),
        ["BMP of 2147483647 x 1"] = () => Bmp(int.MaxValue, 1),
        ["BMP of 40000 x 40000"] = () => Bmp(40000, 40000),
        ["BMP of the lowest height"] = () => Bmp(9, int.MinValue),
        ["WebP of 16384 x 16384"] = () => [.. "RIFF\x16\0\0\0WEBPVP8X\n\0\0\0\0\0\0\0"u8, 0xFF, 0x3F, 0, 0xFF, 0x3F, 0],
        ["PNG compressed with a dictionary"] = () => Png([0x78, 0xBB, 0, 0, 0, 1, .. new byte[80]]),
        ["JPEG whose scans repeat 1000 times"] = () => RepeatedScans(1000),
    };

    private static readonly Dictionary<string, Func<byte[]>> Any = new()
    {
        ["PNG with rows of another image behind its own"] = () => Png(Bomb()),
        ["PNG with 100,000 data chunks"] = () => Png(chunks: 100_000),
        ["PNG with a text of 256 MB"] = () => Png(null, "zTXt", [.. "a\0\0"u8, .. Bomb()]),
        ["PNG with a colour profile of 256 MB"] = () => Png(null, "iCCP", [.. "a\0\0"u8, .. Bomb()]),
        ["PNG with damaged EXIF"] = () => Exif.InPng(Png(), [.. "II*\0\xFF\xFF\xFF\x7F"u8]),
        ["JPEG with 64 scans"] = () => FlatJpegs.Progressive(new(1000, 2000), 64),
        ["JPEG with many comments"] = () =>
            [.. TinyJpegs.Baseline[..2], .. Repeat([0xFF, 0xFE, 0, 2], 1 << 20), .. TinyJpegs.Baseline[2..]],
        ["JPEG with damaged EXIF"] = () => Exif.InJpeg(TinyJpegs.Baseline, [.. "MM\0*\x7F\xFF\xFF\xFF"u8]),
        ["label of four million pixels in 4 KB"] = () =>
            FilteredPng.Write(new(2000, 2000), 8, new byte[4_000_000], [0, 0, 0], _ => 2),
    };

    private readonly LoadedFiles files = new();

    public static TheoryData<string> Names => [.. Refused.Keys, .. Any.Keys];

    public void Dispose() => files.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_read_or_refused_within_a_second_and_without_much_memory(string name)
    {
        var bytes = (Refused.TryGetValue(name, out var make) ? make : Any[name])();
        var file = files.Load(bytes);
        GC.Collect();
        var before = Process.GetCurrentProcess().WorkingSet64;
        var refusals = 0;
        var steps = 0;

        ImageHeader header = default;
        Step(() => header = ImageHeader.Read(files.Path, MaxPixels));
        // Where the header is refused a catalog asks nothing more; the decoders must stand a wrong size all the same.
        var size = refusals > 0 ? new(32, 48) : header.Size;
        foreach (var kind in new[] { ImageDecoderKind.Skia, ImageDecoderKind.Auto })
        {
            var decoder = ImageDecoder.Create(kind);
            Step(() => decoder.DecodeRows(file, size, 0, size.Height));
        }
        var palette = SegmentationPalette.Voc with { UnknownColor = UnknownColor.Ignore };
        Step(() => new LabelDecoder(palette).DecodeClassIndex(file, size, 0, size.Height, new byte[size.Pixels]));

        Assert.True(refusals >= steps - 1 || !Refused.ContainsKey(name), $"{refusals} of {steps} steps refused it");
        Assert.InRange(Process.GetCurrentProcess().WorkingSet64 - before, long.MinValue, MostMemory);

        void Step(Action step)
        {
            var clock = Stopwatch.StartNew();
            steps++;
            refusals += FuzzRun.Refusal(files.Path, step) is null ? 0 : 1;
            Assert.InRange(clock.ElapsedMilliseconds, 0, 1000);
        }
    }

    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static IEnumerable<byte> Repeat(byte[] bytes, int times) =>
        Enumerable.Repeat(bytes, times).SelectMany(part => part);

    /// <summary>256 MB of zeros, compressed.</summary>
    private static byte[] Bomb()
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest))
        {
            for (var block = 0; block < 256; block++)
                zlib.Write(new byte[1 << 20]);
        }
        return compressed.ToArray();
    }

    /// <summary>Gray, 8 x 8, with another chunk or other rows if given, in many chunks if wanted.</summary>
    private static byte[] Png(byte[]? data = null, string? name = null, byte[]? content = null, int chunks = 1)
    {
        using var file = new MemoryStream();
        file.Write(PngWriter.Signature);
        PngWriter.WriteChunk(file, "IHDR"u8, [0, 0, 0, 8, 0, 0, 0, 8, 8, 0, 0, 0, 0]);
        if (name is not null)
            PngWriter.WriteChunk(file, System.Text.Encoding.ASCII.GetBytes(name), content);
        data ??= FilteredPng.Compress(new byte[72], CompressionLevel.Optimal);
        for (var chunk = 1; chunk < chunks; chunk++, data = data[Math.Min(1, data.Length)..])
            PngWriter.WriteChunk(file, "IDAT"u8, data.AsSpan(0, Math.Min(1, data.Length)));
        PngWriter.WriteChunk(file, "IDAT"u8, data);
        PngWriter.WriteChunk(file, "IEND"u8, default);
        return file.ToArray();
    }

    private static byte[] Gif(int side)
    {
        byte[] sides = [(byte)side, (byte)(side >> 8), (byte)side, (byte)(side >> 8)];
        byte[] screen = [.. "GIF89a"u8, .. sides, 0x80, 0, 0, 0, 0, 0, 9, 9, 9];
        return [.. screen, 0x2C, 0, 0, 0, 0, .. sides, 0, 2, 1, 0x2C, 0, 0x3B];
    }

    private static byte[] Bmp(int width, int height)
    {
        var file = new byte[200];
        "BM"u8.CopyTo(file);
        (int, int)[] header = [(2, file.Length), (10, 54), (14, 40), (18, width), (22, height), (26, 1 | (24 << 16))];
        foreach (var (at, number) in header)
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), number);
        return file;
    }

    private static byte[] RepeatedScans(int times)
    {
        var jpeg = FlatJpegs.Progressive(new(1000, 2000), 2);
        var scan = jpeg.AsSpan().LastIndexOf([(byte)0xFF, (byte)0xDA]);
        return [.. jpeg[..scan], .. Repeat(jpeg[scan..^2], times), .. jpeg[^2..]];
    }
}
