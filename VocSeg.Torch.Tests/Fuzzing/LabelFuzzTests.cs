namespace VocSeg.Torch.Tests.Fuzzing;

/// <summary>
/// Damaged label files: refused with a word, or read as SkiaSharp reads them, and always in short time.
/// </summary>
[Collection(LiveTensors.Name)]
public sealed class LabelFuzzTests : IDisposable
{
    private static readonly byte[] Colors = BytesOf(VocColors.ColorOf);
    private static readonly byte[] Ramp = BytesOf(value => new((byte)value, (byte)value, (byte)value));

    private readonly LoadedFiles files = new();
    private readonly FuzzRun run = new("label");
    private readonly LabelDecoder[] used;
    private readonly SegmentationPalette colorful = PaletteOf(Colors);
    private readonly SegmentationPalette gray = PaletteOf(Ramp);

    public LabelFuzzTests()
    {
        used =
        [
            .. from encoding in Enum.GetValues<LabelEncoding>()
               from unknown in Enum.GetValues<UnknownColor>()
               let palette = SegmentationPalette.Voc with { LabelEncoding = encoding, UnknownColor = unknown }
               select new LabelDecoder(palette),
        ];
    }

    public void Dispose() => files.Dispose();

    [Fact]
    public void Five_thousand_damaged_labels()
    {
        var sound = Sound().ToArray();
        run.Run(5000, files, sound, (random, file, _, header) =>
        {
            CheckRows(random, file, header.Size, used[random.Next(used.Length)]);
            return CheckColors(file, header.Size);
        });
    }

    /// <summary>A used decoder and a fresh one, whole labels and parts of them: all say the same.</summary>
    private void CheckRows(Random random, EncodedFile file, ImageSize size, LabelDecoder decoder)
    {
        var (whole, again) = (new byte[size.Pixels], new byte[size.Pixels]);
        var fresh = new LabelDecoder(decoder.Palette);
        var refusal = FuzzRun.Refusal(files.Path, () => decoder.DecodeClassIndex(file, size, 0, size.Height, whole));
        var same = FuzzRun.Refusal(files.Path, () => fresh.DecodeClassIndex(file, size, 0, size.Height, again));
        Assert.Equal(refusal, same);
        if (refusal is not null)
            return;
        Assert.Equal(whole, again);
        var top = random.Next(size.Height);
        var rows = random.Next(1, size.Height - top + 1);
        decoder.DecodeClassIndex(file, size, top, rows, again);
        Assert.Equal(whole.AsSpan(top * size.Width, rows * size.Width), again.AsSpan(0, rows * size.Width));
    }

    /// <summary>No label means something else than SkiaSharp sees in it.</summary>
    private bool CheckColors(EncodedFile file, ImageSize size)
    {
        var rgba = new byte[size.Pixels * 4];
        var skia = new SkiaDecoder();
        var isImage = FuzzRun.Refusal(files.Path, () => skia.DecodeRows(file, size, 0, size.Height, rgba)) is null;
        var isLabel = false;
        foreach (var palette in new[] { colorful, gray })
        {
            var classIndex = new byte[size.Pixels];
            var labels = new LabelDecoder(palette);
            isLabel = FuzzRun.Refusal(
                files.Path, () => labels.DecodeClassIndex(file, size, 0, size.Height, classIndex)) is null;
            for (var pixel = 0; isImage && isLabel && pixel < classIndex.Length; pixel++)
            {
                // SkiaSharp shows a colour for what has none: an index beyond the palette, and 16 bits that 8 bits
                // cannot say.
                if (classIndex[pixel] == palette.IgnoreIndex)
                    continue;
                var color = palette.Colors[classIndex[pixel]];
                Assert.Equal(color, new(rgba[4 * pixel], rgba[4 * pixel + 1], rgba[4 * pixel + 2]));
            }
        }
        return isLabel;
    }

    /// <summary>Labels of every colour type and depth, with and without filters, interlace and transparency.</summary>
    private static IEnumerable<byte[]> Sound()
    {
        var random = new Random(3);
        (int Type, int Channels, int[] Depths)[] kinds =
        [
            (PngWriter.Gray, 1, [1, 2, 4, 8, 16]), (PngWriter.Palette, 1, [1, 2, 4, 8]), (PngWriter.Rgb, 3, [8, 16]),
            (PngWriter.GrayAlpha, 2, [8, 16]), (PngWriter.Rgba, 4, [8, 16]),
        ];
        foreach (var (type, channels, depths) in kinds)
        {
            foreach (var depth in depths)
            {
                var (width, height) = (random.Next(1, 40), random.Next(1, 40));
                var samples = new int[width * height * channels];
                for (var at = 0; at < samples.Length; at++)
                {
                    var value = (at / 9 + random.Next(2)) & 255;
                    samples[at] = depth == 16 ? 257 * value : value & ((1 << depth) - 1);
                }
                byte[] colors = type == PngWriter.Palette ? Colors[..(3 << depth)] : [];
                byte[] alpha = type == PngWriter.Palette ? [0, 128] : [];
                yield return PngWriter.Write(width, height, type, depth, samples, colors, alpha);
                if (depth >= 8)
                    yield return InterlacedPng.Write(width, height, type, depth, samples, colors);
                if (channels > 1 || depth == 16)
                    continue;
                var size = new ImageSize(height, width);
                byte[] bytes = [.. samples.Select(sample => (byte)sample)];
                byte[] few = colors[..Math.Min(6, colors.Length)];
                yield return FilteredPng.Write(size, depth, bytes, colors, row => (row + 1) % 5, chunk: 60);
                yield return FilteredPng.Write(size, depth, bytes, few, _ => 4);
            }
        }
    }

    /// <summary>As many classes as there may be, so that nearly every colour shows.</summary>
    private static SegmentationPalette PaletteOf(byte[] colors)
    {
        var classes = colors.Chunk(3)
            .Take(SegmentationPalette.MaxClasses)
            .Select(color => new RgbColor(color[0], color[1], color[2]))
            .ToArray();
        return new(classes, classes.Select(color => color.ToString()))
        {
            LabelEncoding = LabelEncoding.Colors,
            UnknownColor = UnknownColor.Ignore,
        };
    }

    private static byte[] BytesOf(Func<int, RgbColor> colorOf) =>
    [
        .. from index in Enumerable.Range(0, 256)
           let color = colorOf(index)
           from value in new[] { color.Red, color.Green, color.Blue }
           select value,
    ];
}
