using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace VocSeg.Torch;

/// <summary>A height and a width in pixels: of an image as it is stored, or of a crop.</summary>
public readonly record struct ImageSize
{
    /// <summary>A size.</summary>
    /// <param name="height">Rows of pixels, at least 1.</param>
    /// <param name="width">Pixels in a row, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is below 1.</exception>
    public ImageSize(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        Height = height;
        Width = width;
    }

    /// <summary>Rows of pixels.</summary>
    public int Height { get; }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>The number of pixels.</summary>
    internal long Pixels => (long)Height * Width;

    /// <summary>A height and a width, as in the textbook's <c>(320, 480)</c>.</summary>
    /// <param name="size">Height, then width.</param>
    public static implicit operator ImageSize((int Height, int Width) size) => new(size.Height, size.Width);

    /// <summary>Whether an image of this size holds a crop.</summary>
    /// <param name="crop">The size of the crop.</param>
    public bool Holds(ImageSize crop) => Height >= crop.Height && Width >= crop.Width;

    /// <summary>Reads <c>320x480</c>: height, then width.</summary>
    /// <param name="text">The text.</param>
    /// <param name="size">The size that it says.</param>
    /// <returns>False where it is no size.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out ImageSize size)
    {
        size = default;
        if (text?.Split('x', 'X') is not [var first, var second]
            || !int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var height)
            || !int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var width)
            || height < 1 || width < 1)
        {
            return false;
        }
        size = new(height, width);
        return true;
    }

    /// <summary>The size as <c>height x width</c>.</summary>
    public override string ToString() => $"{Height}x{Width}";
}
