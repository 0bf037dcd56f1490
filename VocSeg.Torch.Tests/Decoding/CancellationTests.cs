using System.Diagnostics;
using SkiaSharp;

namespace VocSeg.Torch.Tests.Decoding;

/// <summary>A decode of a large image stops within 100 ms of its cancellation.</summary>
public sealed class CancellationTests : IDisposable
{
    private static readonly ImageSize Large = new(5000, 6000);
    private static readonly Lazy<byte[]> LargeJpeg =
        new(() => Tiled(pixels => pixels.Encode(new SKJpegEncoderOptions(90))));

    private static readonly Lazy<byte[]> LargePng =
        new(() => Tiled(pixels => pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.Sub, 3))));

    private readonly LoadedFiles files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData(ImageDecoderKind.Skia, "jpeg")]
    [InlineData(ImageDecoderKind.TurboJpeg, "jpeg")]
    [InlineData(ImageDecoderKind.Skia, "progressive")]
    [InlineData(ImageDecoderKind.TurboJpeg, "progressive")]
    [InlineData(ImageDecoderKind.Skia, "png")]
    public void A_large_image_is_left_in_the_middle(ImageDecoderKind kind, string format)
    {
        var decoder = Decoders.Require(kind);
        var bytes = format switch
        {
            "jpeg" => LargeJpeg.Value,
            "png" => LargePng.Value,
            _ => FlatJpegs.Progressive(Large, 60),
        };
        var file = files.Load(bytes);
        var clock = Stopwatch.StartNew();
        decoder.DecodeRows(file, Large, 0, Large.Height);
        var whole = clock.Elapsed;

        var stopped = 0;
        var late = TimeSpan.MaxValue;
        // More than one try, for other programs may hold up this one.
        for (var part = 0.1; part < 0.65; part += 0.1)
        {
            files.Load(bytes);
            using var source = new CancellationTokenSource();
            file.Cancellation = source.Token;
            TimeSpan asked = default;
            var cancelling = new Thread(() =>
            {
                Thread.Sleep(part * whole);
                asked = clock.Elapsed;
                source.Cancel();
            });
            clock.Restart();
            cancelling.Start();
            if (Record.Exception(() => decoder.DecodeRows(file, Large, 0, Large.Height)) is { } error)
            {
                var ended = clock.Elapsed;
                Assert.IsAssignableFrom<OperationCanceledException>(error);
                stopped++;
                late = ended - asked < late ? ended - asked : late;
            }
            cancelling.Join();
            file.Cancellation = default;
        }
        Assert.True(
            stopped > 0 && late < TimeSpan.FromMilliseconds(100),
            $"{stopped} stopped, {late} late, {whole} the whole image");

        // The decoder and the file work on.
        Assert.Equal(32 * 48 * 3, decoder.Whole(files.Load(TinyJpegs.Baseline), new(32, 48)).Length);
    }

    [Theory]
    [InlineData(ImageDecoderKind.Skia)]
    [InlineData(ImageDecoderKind.TurboJpeg)]
    public void Nothing_of_a_large_image_is_decoded_after_cancellation(ImageDecoderKind kind)
    {
        var decoder = Decoders.Require(kind);
        foreach (var bytes in new[] { LargeJpeg.Value, LargePng.Value })
        {
            var file = files.Load(bytes);
            file.Cancellation = new(canceled: true);
            Assert.ThrowsAny<OperationCanceledException>(() => decoder.DecodeRows(file, Large, 0, Large.Height));
            file.Cancellation = default;
        }
    }

    [Fact]
    public void Reading_and_turning_stop_too()
    {
        files.Load(TinyJpegs.Baseline);
        var file = new EncodedFile { Cancellation = new(canceled: true) };
        Assert.ThrowsAny<OperationCanceledException>(() => file.Read(files.Path));
        Assert.ThrowsAny<OperationCanceledException>(
            () => ExifOrientation.Turn(new byte[16], new(2, 2), 6, 0, 2, new byte[16], new(canceled: true)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_epoch_ends_in_the_middle_of_a_large_image(bool byDisposing)
    {
        using var tree = new VocTree().Add("a", 8, 8);
        File.WriteAllBytes(tree.ImagePath("a"), FlatJpegs.Progressive(Large, 60));
        File.WriteAllBytes(tree.LabelPath("a"), FilteredPng.Write(Large, 1, new byte[Large.Pixels], [0, 0, 0], _ => 0));
        // Often enough that no machine is through with it before it is told to stop.
        tree.WriteList("train", Enumerable.Repeat("a", 50));
        var catalog = SampleCatalog.FromVoc(tree.Root, "train", new() { Repeats = true });
        using var dataset = new VocSegDataset(catalog, new() { Transforms = [new RandomCrop(new(64, 64))] });
        var loader = new VocSegDataLoader(dataset, new() { BatchSize = 1, Workers = 1 });
        using var source = new CancellationTokenSource();
        var loop = Task.Run(() => Record.Exception(() => loader.WithCancellation(source.Token).Count()));
        await Task.Delay(300);
        Assert.False(loop.IsCompleted);
        var clock = Stopwatch.StartNew();
        if (byDisposing)
            loader.Dispose();
        else
            source.Cancel();
        Assert.IsType(byDisposing ? typeof(ObjectDisposedException) : typeof(OperationCanceledException), await loop);
        loader.Dispose();
        Assert.InRange(clock.ElapsedMilliseconds, 0, 300);
    }

    [Fact]
    public void Large_images_are_decoded_as_small_ones_are()
    {
        var small = new SkiaDecoder(long.MaxValue);
        var large = new SkiaDecoder(0);
        var random = new Random(8);
        (string Name, byte[] Bytes, ImageSize Size)[] sound =
        [
            .. Jpegs.All(),
            .. OtherFormats.Images(new(9, 14)).Select(image => ($"{image.Format}", image.Bytes, new ImageSize(9, 14))),
            ("png", PngWriter.Write(7, 5, PngWriter.Rgb, 8, [.. Enumerable.Range(0, 105)]), new(5, 7)),
            ("interlaced", InterlacedPng.Write(7, 5, PngWriter.Rgb, 8, [.. Enumerable.Range(0, 105)], []), new(5, 7)),
        ];
        var refused = 0;
        for (var mutant = 0; mutant < 1500; mutant++)
        {
            var (name, bytes, size) = sound[mutant % sound.Length];
            var other = sound[random.Next(sound.Length)].Bytes;
            var file = files.Load(mutant < sound.Length ? bytes : Mutation.Apply(random, bytes, other));
            var (top, rows) = mutant % 2 == 0 ? (0, size.Height) : (size.Height / 3, Math.Max(1, size.Height / 2));
            byte[]? expected = null, actual = null;
            var fault = Record.Exception(() => expected = Decoders.Colors(small.DecodeRows(file, size, top, rows)));
            var same = Record.Exception(() => actual = Decoders.Colors(large.DecodeRows(file, size, top, rows)));
            Assert.True(fault?.GetType() == same?.GetType(), $"mutant {mutant} of {name}: {fault} / {same}");
            Assert.True(fault is null || (fault is DatasetException && mutant >= sound.Length), $"{name}: {fault}");
            Assert.Equal(expected, actual);
            refused += fault is null ? 0 : 1;
        }
        Assert.InRange(refused, 300, 1400);
    }

    private static unsafe byte[] Tiled(Func<SKPixmap, SKData?> encode)
    {
        var info = new SKImageInfo(Large.Width, Large.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var bitmap = new SKBitmap(info);
        var tile = new byte[64 * 1024];
        new Random(1).NextBytes(tile);
        var pixels = new Span<byte>((void*)bitmap.GetPixels(), (int)Large.Pixels * 4);
        for (; pixels.Length > 0; pixels = pixels[Math.Min(tile.Length, pixels.Length)..])
            tile.AsSpan(0, Math.Min(tile.Length, pixels.Length)).CopyTo(pixels);
        using var pixmap = bitmap.PeekPixels();
        using var data = encode(pixmap)!;
        return data.ToArray();
    }
}
