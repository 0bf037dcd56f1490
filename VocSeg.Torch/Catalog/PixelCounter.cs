namespace VocSeg.Torch;

/// <summary>Decodes images and labels and counts their pixels. Not thread-safe; one per thread.</summary>
internal sealed class PixelCounter
{
    // Thousandths of ITU-R BT.601's luma, as the transforms have it, so that totals stay whole numbers.
    private const uint LumaOfRed = 299, LumaOfGreen = 587, LumaOfBlue = 114;
    private readonly EncodedFile file = new();
    private readonly ImageDecoder images = ImageDecoder.Create(ImageDecoderKind.Auto);
    private readonly LabelDecoder labels;
    private readonly SegmentationPalette palette;
    private byte[] classIndex = [];

    internal PixelCounter(SegmentationPalette palette, CancellationToken cancellation)
    {
        labels = new(palette);
        this.palette = palette;
        file.Cancellation = cancellation;
    }

    /// <summary>Counts samples of the same two files, which are decoded once.</summary>
    /// <exception cref="DatasetException">A file cannot be read or decoded; it carries the sample's id.</exception>
    internal PixelCounts Count(IReadOnlyList<SegmentationSample> samples)
    {
        var counts = new PixelCounts();
        var first = samples[0];
        file.Read(first.ImagePath, first.Id);
        var pixels = images.DecodeTurned(file, first.Size, first.Orientation, 0, first.Size.Height);
        foreach (var sample in samples)
            CountImage(sample, pixels, counts);
        if (first.LabelPath is not { } path)
        {
            foreach (var sample in samples)
                counts.OfSamples[(sample.Id, sample.Region)] = [.. new int[palette.ClassCount]];
            return counts;
        }
        file.Read(path, first.Id);
        if (classIndex.Length < first.Size.Pixels)
            classIndex = ImageDecoder.Allocate(path, first.Size.Pixels, first.Id);
        labels.DecodeClassIndex(file, first.Size, 0, first.Size.Height, classIndex);
        foreach (var sample in samples)
            CountLabel(sample, counts);
        return counts;
    }

    private static void CountImage(SegmentationSample sample, ReadOnlySpan<byte> pixels, PixelCounts counts)
    {
        ulong red = 0, green = 0, blue = 0, redSquares = 0, greenSquares = 0, blueSquares = 0;
        var (top, left, rows, columns) = sample.Covered;
        for (var row = top; row < top + rows; row++)
        {
            var start = (row * sample.Size.Width + left) * ImageDecoder.BytesPerPixel;
            var line = pixels.Slice(start, columns * ImageDecoder.BytesPerPixel);
            ulong lumas = 0, lumaSquares = 0;
            for (; line.Length >= ImageDecoder.BytesPerPixel; line = line[ImageDecoder.BytesPerPixel..])
            {
                uint r = line[0], g = line[1], b = line[2];
                red += r;
                green += g;
                blue += b;
                redSquares += r * r;
                greenSquares += g * g;
                blueSquares += b * b;
                ulong luma = LumaOfRed * r + LumaOfGreen * g + LumaOfBlue * b;
                lumas += luma;
                lumaSquares += luma * luma;
            }
            counts.Lumas += lumas;
            counts.LumaSquares += lumaSquares;
        }
        counts.Pixels += (long)rows * columns;
        counts.Totals[0] += red;
        counts.Totals[1] += green;
        counts.Totals[2] += blue;
        counts.Squares[0] += redSquares;
        counts.Squares[1] += greenSquares;
        counts.Squares[2] += blueSquares;
    }

    private void CountLabel(SegmentationSample sample, PixelCounts counts)
    {
        Span<long> found = stackalloc long[256];
        found.Clear();
        var (top, left, rows, columns) = sample.Covered;
        for (var row = top; row < top + rows; row++)
        {
            foreach (var index in classIndex.AsSpan(row * sample.Size.Width + left, columns))
                found[index]++;
        }
        var labelled = (long)rows * columns - found[palette.IgnoreIndex];
        for (var index = 0; index < found.Length; index++)
        {
            counts.Classes[index] += found[index];
            if (found[index] > 0)
                counts.AroundClasses[index] += labelled;
        }
        counts.OfSamples[(sample.Id, sample.Region)] =
            [.. found[..palette.ClassCount].ToArray().Select(pixels => (int)pixels)];
    }
}
