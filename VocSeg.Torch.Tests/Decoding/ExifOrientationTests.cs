using SkiaSharp;

namespace VocSeg.Torch.Tests.Decoding;

/// <summary>Images come as displayed where the sample says how they are turned; labels stay as they are.</summary>
public sealed unsafe class ExifOrientationTests : IDisposable
{
    private static readonly ImageSize Stored = new(37, 53);

    private readonly TempFolder folder = new();

    public ExifOrientationTests() =>
        File.WriteAllBytes(folder["image.jpg"], Jpegs.Encode(Stored, SKJpegEncoderDownsample.Downsample444));

    public static TheoryData<ImageDecoderKind, int> All =>
        new(from kind in new[] { ImageDecoderKind.Skia, ImageDecoderKind.TurboJpeg }
            from orientation in Enumerable.Range(1, 8)
            select (kind, orientation));

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(All))]
    public void Rows_are_those_of_the_displayed_image(ImageDecoderKind kind, int orientation)
    {
        var (sample, expected, label) = Make(kind, orientation);
        using var worker = new SampleWorker(new() { Decoder = kind }, sample.Size.Pixels);
        foreach (var (top, rows) in new[] { (0, sample.Size.Height), (0, 1), (5, 17), (sample.Size.Height - 3, 3) })
        {
            var count = rows * sample.Size.Width;
            var decoded = worker.DecodeRows(sample, top, rows);
            var classIndex = new ReadOnlySpan<byte>(decoded.ClassIndex(top, 0), count).ToArray();
            Assert.Equal(Part(expected, sample, top, rows, 3), Decoders.Colors(new(decoded.Pixel(top, 0), 4 * count)));
            Assert.Equal(Part(label, sample, top, rows, 1), classIndex);

            var image = new byte[4 * count];
            var colors = new byte[4 * count];
            worker.DecodeColors(sample, top, rows, image, colors);
            Assert.Equal(Part(expected, sample, top, rows, 3), Decoders.Colors(image));
            Assert.Equal(Part(label, sample, top, rows, 1), ColorLookups.ClassIndex(SegmentationPalette.Voc, colors));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Packed_samples_and_whole_images_are_displayed_too(ImageDecoderKind kind, int orientation)
    {
        var (sample, expected, label) = Make(kind, orientation);
        using var worker = new SampleWorker(new() { Decoder = kind }, sample.Size.Pixels);
        var given = new byte[4 * sample.Size.Pixels];
        worker.DecodePacked(sample, given);
        var own = new ReadOnlySpan<byte>(worker.DecodePacked(sample), given.Length).ToArray();
        foreach (var packed in new[] { given, own })
        {
            Assert.Equal(expected, Decoders.Colors(packed));
            Assert.Equal(label, packed.Where((_, at) => at % 4 == 3));
        }
        var (auto, shown, _) = Make(ImageDecoderKind.Auto, orientation);
        Assert.Equal(shown, Decoders.Colors(auto.ReadImage()));
    }

    [Fact]
    public void Letters_come_as_the_specification_draws_them()
    {
        // A stored image of two columns and three rows, letter by letter as the EXIF specification draws them.
        byte[] stored = [.. "ABCDEF"u8.ToArray().SelectMany(letter => new[] { letter, letter, letter, letter })];
        string[] displayed = ["", "ABCDEF", "BADCFE", "FEDCBA", "EFCDAB", "ACEBDF", "ECAFDB", "FDBECA", "BDFACE"];
        for (var orientation = 1; orientation <= 8; orientation++)
        {
            var turned = new byte[24];
            ExifOrientation.Turn(stored, new(3, 2), orientation, 0, orientation < 5 ? 3 : 2, turned);
            Assert.Equal(displayed[orientation], string.Concat(turned.Chunk(4).Select(pixel => (char)pixel[0])));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(-1)]
    public void There_are_no_other_orientations(int orientation)
    {
        var sample = new SegmentationSample("a", "a.jpg", "a.png", new(1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => sample with { Orientation = orientation });
    }

    [Fact]
    public void Another_size_than_the_turned_one_is_an_error()
    {
        var (sample, _, _) = Make(ImageDecoderKind.Auto, 6);
        using var worker = new SampleWorker(new(), sample.Size.Pixels);
        var wrong = sample with { Size = Stored };
        var error = Assert.Throws<DatasetException>(() => { worker.DecodeRows(wrong, 0, 2); });
        Assert.Equal((wrong.ImagePath, "a"), (error.Path, error.SampleId));
    }

    /// <summary>A sample, its displayed colours and its label, by a slow loop.</summary>
    private (SegmentationSample Sample, byte[] Colors, byte[] Label) Make(ImageDecoderKind kind, int orientation)
    {
        var decoder = Decoders.Require(kind);
        var file = new EncodedFile();
        file.Read(folder["image.jpg"]);
        var pixels = decoder.Whole(file, Stored);
        var (height, width) = orientation < 5 ? (Stored.Height, Stored.Width) : (Stored.Width, Stored.Height);
        var displayed = new byte[pixels.Length];
        var label = new byte[height * width];
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
            {
                // Which side of the stored image is displayed on top, and which one left.
                var (storedRow, storedColumn) = orientation switch
                {
                    1 => (row, column),
                    2 => (row, width - 1 - column),
                    3 => (height - 1 - row, width - 1 - column),
                    4 => (height - 1 - row, column),
                    5 => (column, row),
                    6 => (width - 1 - column, row),
                    7 => (width - 1 - column, height - 1 - row),
                    _ => (column, height - 1 - row),
                };
                var (from, to) = (storedRow * Stored.Width + storedColumn, row * width + column);
                pixels.AsSpan(3 * from, 3).CopyTo(displayed.AsSpan(3 * to));
                label[to] = (byte)((row / 3 + column / 5) % 21);
            }
        }
        File.WriteAllBytes(folder["label.png"], PngWriter.WriteLabels(width, height, label, VocColors()));
        var sample = new SegmentationSample("a", folder["image.jpg"], folder["label.png"], new(height, width));
        return (sample with { Orientation = orientation }, displayed, label);
    }

    private static byte[] VocColors() =>
    [
        .. from index in Enumerable.Range(0, 256)
           let color = VocSeg.Torch.VocColors.ColorOf(index)
           from value in new[] { color.Red, color.Green, color.Blue }
           select value,
    ];

    private static IEnumerable<byte> Part(byte[] whole, SegmentationSample sample, int top, int rows, int bytes) =>
        whole.Skip(top * sample.Size.Width * bytes).Take(rows * sample.Size.Width * bytes);
}
