using VocSeg.Torch;

namespace Gallery;

/// <summary>Class indices as colours. What is to be ignored gets no colour but a hatch, which no class looks like.</summary>
internal sealed class ClassPaint(SegmentationPalette palette)
{
    internal static readonly RgbColor HatchLight = new(236, 232, 214);
    internal static readonly RgbColor HatchDark = new(96, 92, 84);

    private const int HatchStep = 3;

    internal Picture Paint(ClassMap map)
    {
        var painted = Picture.Blank(map.Height, map.Width);
        for (var row = 0; row < map.Height; row++)
        {
            for (var column = 0; column < map.Width; column++)
                Set(painted[row, column], ColorAt(map, row, column), 255);
        }
        return painted;
    }

    /// <summary>As <see cref="Paint"/>, but what has no tint to give is left clear.</summary>
    internal Picture PaintTints(ClassMap map)
    {
        var painted = Paint(map);
        for (var row = 0; row < map.Height; row++)
        {
            for (var column = 0; column < map.Width; column++)
            {
                if (!IsTint(ColorAt(map, row, column)))
                    painted[row, column][3] = 0;
            }
        }
        return painted;
    }

    /// <summary>The picture tinted by half with the colour of every class; a black class leaves it as it is.</summary>
    internal Picture Overlay(Picture picture, ClassMap map)
    {
        var mixed = picture with { Rgba = [.. picture.Rgba] };
        for (var row = 0; row < map.Height; row++)
        {
            for (var column = 0; column < map.Width; column++)
            {
                var pixel = mixed[row, column];
                var color = ColorAt(map, row, column);
                if (IsTint(color))
                    Set(pixel, new((byte)((pixel[0] + color.Red) / 2), (byte)((pixel[1] + color.Green) / 2), (byte)((pixel[2] + color.Blue) / 2)), 255);
            }
        }
        return mixed;
    }

    internal static void Set(Span<byte> pixel, RgbColor color, byte alpha) =>
        (pixel[0], pixel[1], pixel[2], pixel[3]) = (color.Red, color.Green, color.Blue, alpha);

    private RgbColor ColorAt(ClassMap map, int row, int column) => map[row, column] is var index && index < palette.ClassCount
        ? palette.Colors[index]
        : (row + column) / HatchStep % 2 == 0 ? HatchLight : HatchDark;

    // Black would only darken the photo; it is VOC's background.
    private static bool IsTint(RgbColor color) => color != default;
}
