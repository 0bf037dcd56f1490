namespace VocSeg.Torch.Tests;

/// <summary>
/// What a transformed sample must be, by plain loops and in float64: nothing of the library's passes is used but the
/// numbers of the map and of the matrix.
/// </summary>
internal static class SlowWarp
{
    private static readonly double[] Luma = [0.299, 0.587, 0.114];

    /// <summary>Image (channels, height, width), label and weight (height, width) of a sample in a batch.</summary>
    /// <param name="pixels">Four bytes a pixel: red, green, blue and one that counts for nothing.</param>
    /// <param name="classes">One byte a pixel.</param>
    /// <param name="map">Which pixels go where.</param>
    /// <param name="color">What becomes of their colours.</param>
    /// <param name="options">Normalization and what images and labels hold.</param>
    /// <param name="frame">The size of the batch.</param>
    /// <param name="reduced">Where the pixels lie in the sample; null where they are all of its pixels.</param>
    internal static (double[] Image, double[] Label, double[] Weight) Read(
        byte[] pixels, byte[] classes, SampleGeometry map, ColorMatrix color, VocSegDatasetOptions options,
        ImageSize frame, ImageGrid? reduced = null)
    {
        var grid = reduced ?? new(map.Source);
        var isGray = options.Channels == ImageChannels.Gray;
        var ignored = options.Palette.IgnoreIndex;
        var image = new double[(isGray ? 1 : 3) * frame.Pixels];
        var label = new double[frame.Pixels];
        var weight = new double[frame.Pixels];
        for (var row = 0; row < frame.Height; row++)
        {
            for (var column = 0; column < frame.Width; column++)
            {
                var x = map.XX * (column + 0.5) + (map.XY * (row + 0.5) + map.X0);
                var y = map.YX * (column + 0.5) + (map.YY * (row + 0.5) + map.Y0);
                var isInside = row < map.Output.Height && column < map.Output.Width
                    && x >= 0 && x < map.Source.Width && y >= 0 && y < map.Source.Height;
                var to = row * frame.Width + column;
                var index = isInside
                    ? classes[(int)Math.Floor(y) * map.Source.Width + (int)Math.Floor(x)]
                    : ignored;
                label[to] = options.LabelForm == LabelForm.Mask ? (index == 1 ? 1 : 0) : index;
                weight[to] = index == ignored ? 0 : 1;
                if (!isInside)
                    continue;
                var levels = Recolor(
                    Blend(pixels, grid.Size, y * grid.Scale + grid.Top - 0.5, x * grid.Scale + grid.Left - 0.5), color);
                if (isGray)
                {
                    image[to] = Normalize(
                        Weighted(levels), Weighted(options.Normalization.Mean), Weighted(options.Normalization.Std));
                    continue;
                }
                for (var channel = 0; channel < 3; channel++)
                {
                    image[channel * frame.Pixels + to] = Normalize(
                        levels[channel], options.Normalization.Mean[channel], options.Normalization.Std[channel]);
                }
            }
        }
        return (image, label, weight);
    }

    /// <summary>The largest difference between two images.</summary>
    internal static double Distance(double[] expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = 0.0;
        for (var at = 0; at < expected.Length; at++)
        {
            // What is no number is far from every number.
            var distance = Math.Abs(expected[at] - actual[at]);
            largest = distance <= largest ? largest : distance;
        }
        return largest;
    }

    private static double Normalize(double level, double mean, double std) => (level / 255 - mean) / std;

    private static double Weighted(IEnumerable<float> values) => Weighted([.. values.Select(value => (double)value)]);

    private static double Weighted(double[] values) => values[0] * Luma[0] + values[1] * Luma[1] + values[2] * Luma[2];

    /// <summary>
    /// The level between pixels whose centres lie at whole numbers; the outermost ones go on for ever.
    /// </summary>
    private static double[] Blend(byte[] pixels, ImageSize size, double row, double column)
    {
        var levels = new double[3];
        for (var down = 0; down < 2; down++)
        {
            for (var across = 0; across < 2; across++)
            {
                double atRow = Math.Floor(row) + down, atColumn = Math.Floor(column) + across;
                var share = (1 - Math.Abs(row - atRow)) * (1 - Math.Abs(column - atColumn));
                var from = (int)Math.Clamp(atRow, 0, size.Height - 1) * size.Width
                    + (int)Math.Clamp(atColumn, 0, size.Width - 1);
                for (var channel = 0; channel < 3; channel++)
                    levels[channel] += share * pixels[from * 4 + channel];
            }
        }
        return levels;
    }

    private static double[] Recolor(double[] levels, ColorMatrix color)
    {
        if (color == ColorMatrix.Identity)
            return levels;
        (float R, float G, float B)[] rows = [color.Red, color.Green, color.Blue];
        double[] constants = [color.Constant.R, color.Constant.G, color.Constant.B];
        var changed = new double[3];
        for (var channel = 0; channel < 3; channel++)
        {
            var (r, g, b) = rows[channel];
            changed[channel] = Math.Clamp(
                r * levels[0] + g * levels[1] + b * levels[2] + constants[channel], 0, 255);
        }
        return changed;
    }
}
