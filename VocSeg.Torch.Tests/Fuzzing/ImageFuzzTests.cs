namespace VocSeg.Torch.Tests.Fuzzing;

/// <summary>Damaged images: refused with a word, or decoded, and always in short time.</summary>
[Collection(LiveTensors.Name)]
public sealed class ImageFuzzTests : IDisposable
{
    private readonly LoadedFiles files = new();
    private readonly FuzzRun run = new("image");
    private readonly List<ImageDecoder> decoders = [new SkiaDecoder(), new SkiaDecoder(0)];

    public ImageFuzzTests()
    {
        if (TurboJpegDecoder.TryCreate() is { } turbo)
            decoders.Add(turbo);
    }

    public void Dispose() => files.Dispose();

    [Fact]
    public void Five_thousand_damaged_images()
    {
        var sound = Sound().ToArray();
        run.Run(5000, files, sound, (random, file, damaged, header) =>
        {
            var orientation = random.Next(4) == 0 ? header.Orientation : 1;
            var size = ExifOrientation.Turn(header.Size, orientation);
            var sample = new SegmentationSample("a", files.Path, files.Path, size) { Orientation = orientation };
            var top = random.Next(size.Height);
            var rows = random.Next(1, size.Height - top + 1);
            var decoder = decoders[random.Next(decoders.Count)];
            byte[] whole = [];
            var refusal = FuzzRun.Refusal(
                files.Path,
                () => whole = Decoders.Colors(decoder.DecodeTurned(file, size, sample.Orientation, 0, size.Height)));
            // What other files leave behind in memory must not show.
            files.Load(sound[random.Next(sound.Length)]);
            FuzzRun.Refusal(files.Path, () => decoder.DecodeRows(file, size, 0, 1));
            files.Load(damaged);
            var part = new byte[rows * size.Width * ImageDecoder.BytesPerPixel];
            var ofRows = FuzzRun.Refusal(
                files.Path, () => decoder.DecodeTurned(file, size, sample.Orientation, top, rows, part));
            if (refusal is null)
            {
                Assert.Null(ofRows);
                Assert.Equal(whole.AsSpan(top * size.Width * 3, rows * size.Width * 3), Decoders.Colors(part).AsSpan());
            }
            Assert.True(file.Bytes.SequenceEqual(damaged), "the bytes of the file have changed");
            return refusal is null;
        });
    }

    private static IEnumerable<byte[]> Sound()
    {
        foreach (var (_, bytes, _) in Jpegs.All())
        {
            yield return bytes;
            yield return Exif.InJpeg(bytes, Exif.Orientation(1 + bytes.Length % 8, little: bytes.Length % 2 == 0));
        }
        yield return FlatJpegs.Progressive(new(60, 90), 20);
        foreach (var size in new ImageSize[] { new(9, 14), new(40, 33) })
        {
            foreach (var (_, bytes) in OtherFormats.Images(size))
                yield return bytes;
            int[] samples = [.. Enumerable.Range(0, (int)size.Pixels * 3).Select(at => at * 37 % 256)];
            var png = PngWriter.Write(size.Width, size.Height, PngWriter.Rgb, 8, samples);
            yield return png;
            yield return Exif.InPng(png, Exif.Orientation(6, little: true));
            yield return InterlacedPng.Write(size.Width, size.Height, PngWriter.Rgb, 8, samples, []);
        }
    }
}
