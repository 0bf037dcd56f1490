using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VocSeg.Torch;

/// <summary>
/// Decodes label images to one class index a pixel, by the colours of a palette, or as they are from an <see cref="IndexLabel"/>. One a worker; not for use by two threads.
/// </summary>
/// <remarks>
/// Colours, and with most files damage too, are looked at in the rows that are wanted and those above them, not below.
/// </remarks>
internal sealed class LabelDecoder
{
    private readonly SegmentationPalette palette;
    private readonly IndexedPng png = new();
    private readonly SkiaDecoder skia = new();
    private readonly byte[] classOfSample = new byte[256];
    private readonly int[] colorOfSample = new int[256];
    private readonly byte[] lastColors = new byte[768];
    private int lastColorBytes = -1;
    private int depth;
    private int same;

    internal LabelDecoder(SegmentationPalette palette) => this.palette = palette;

    /// <summary>Decodes rows of a label, without padding.</summary>
    /// <param name="file">The file; its bytes are read in place.</param>
    /// <param name="size">The size that the label must have.</param>
    /// <param name="top">The first row that is wanted.</param>
    /// <param name="rows">How many are wanted.</param>
    /// <param name="classIndex">Memory of <c>rows * width</c> bytes or more.</param>
    /// <exception cref="DatasetException">Not an image of that size, not a sound one, or one with a colour that is an error.</exception>
    internal void DecodeClassIndex(EncodedFile file, ImageSize size, int top, int rows, Span<byte> classIndex)
    {
        ImageDecoder.RequireRows(size, top, rows, 1, classIndex.Length);
        classIndex = classIndex[..(rows * size.Width)];
        if (TryDecodeSamples(file, size, top + rows))
            MapSamples(top, classIndex);
        else if (IndexLabel.Is(file.Bytes))
            MapIndices(skia.DecodeRows(file, size, top, rows), classIndex);
        else
            MapColors(skia.DecodeRows(file, size, top, rows), classIndex);
        if (palette.UnknownColor == UnknownColor.Error)
            RequireKnownColors(file, size, top, classIndex);
    }

    /// <summary>Decodes rows of a label to colours, without padding: red, green, blue and a byte that does not matter.</summary>
    /// <param name="file">The file; its bytes are read in place.</param>
    /// <param name="size">The size that the label must have.</param>
    /// <param name="top">The first row that is wanted.</param>
    /// <param name="rows">How many are wanted.</param>
    /// <param name="colors">Memory of <c>rows * width * 4</c> bytes or more.</param>
    /// <exception cref="DatasetException">Not an image of that size, not a sound one, or one with a colour that is an error.</exception>
    internal void DecodeColors(EncodedFile file, ImageSize size, int top, int rows, Span<byte> colors)
    {
        ImageDecoder.RequireRows(size, top, rows, ImageDecoder.BytesPerPixel, colors.Length);
        colors = colors[..(rows * size.Width * ImageDecoder.BytesPerPixel)];
        if (TryDecodeSamples(file, size, top + rows) && png.Depth == 8)
            MapToColors(top, colors);
        else
            DecodeColorsBySkia(file, size, top, rows, colors);
        if (palette.UnknownColor == UnknownColor.Error)
        {
            var table = palette.HostTable;
            for (var pixel = 0; pixel < rows * size.Width; pixel++)
            {
                if (table[ColorAt(colors, pixel).TableIndex] == palette.UnknownMarker)
                    throw UnknownColorAt(file, size, top + pixel / size.Width, pixel % size.Width, ColorAt(colors, pixel));
            }
        }
    }

    // What the fast way does not take, sound or not, is for Skia to judge.
    private bool TryDecodeSamples(EncodedFile file, ImageSize size, int rows)
    {
        if (!png.TryOpen(file.Bytes) || png.Size != size || !png.TryDecode(rows))
            return false;
        SetClasses(png.IsGray ? default : file.Bytes[png.Colors], png.Depth);
        return true;
    }

    private void MapSamples(int top, Span<byte> classIndex)
    {
        var width = png.Size.Width;
        for (var row = 0; classIndex.Length > 0; row++, classIndex = classIndex[width..])
        {
            var samples = png.Row(top + row);
            if (png.Depth == 8)
                MapBytes(samples, classIndex);
            else
                MapBits(samples, classIndex[..width]);
        }
    }

    private void MapBytes(ReadOnlySpan<byte> samples, Span<byte> classIndex)
    {
        var last = samples.Length - Vector256<byte>.Count;
        if (last < 0)
        {
            MapOneByOne(samples, classIndex);
            return;
        }
        ref var from = ref MemoryMarshal.GetReference(samples);
        ref var to = ref MemoryMarshal.GetReference(classIndex[..samples.Length]);
        var firstOther = Vector256.Create((byte)same);
        var border = Vector256.Create(byte.MaxValue);
        var borderClass = Vector256.Create(classOfSample[^1]);
        // The last step takes the row's last bytes, some of them for the second time.
        for (nuint at = 0, end = (nuint)last; ; at = Math.Min(at + (nuint)Vector256<byte>.Count, end))
        {
            var values = Vector256.LoadUnsafe(ref from, at);
            var isBorder = Vector256.Equals(values, border);
            if (Vector256.EqualsAll(Vector256.LessThan(values, firstOther) | isBorder, Vector256<byte>.AllBitsSet))
                Vector256.ConditionalSelect(isBorder, borderClass, values).StoreUnsafe(ref to, at);
            else
                MapOneByOne(samples.Slice((int)at, Vector256<byte>.Count), classIndex[(int)at..]);
            if (at == end)
                return;
        }
    }

    private void MapOneByOne(ReadOnlySpan<byte> samples, Span<byte> classIndex)
    {
        for (var at = 0; at < samples.Length; at++)
            classIndex[at] = classOfSample[samples[at]];
    }

    private void MapBits(ReadOnlySpan<byte> samples, Span<byte> classIndex)
    {
        var mask = (1 << png.Depth) - 1;
        for (var column = 0; column < classIndex.Length; column++)
        {
            var bit = column * png.Depth;
            classIndex[column] = classOfSample[(samples[bit >> 3] >> (8 - png.Depth - (bit & 7))) & mask];
        }
    }

    /// <summary>Sets the class of every sample, where this file's palette is not the last one's.</summary>
    private void SetClasses(ReadOnlySpan<byte> fileColors, int bits)
    {
        if (lastColorBytes == fileColors.Length && depth == bits && fileColors.SequenceEqual(lastColors.AsSpan(0, fileColors.Length)))
            return;
        lastColorBytes = fileColors.Length;
        depth = bits;
        fileColors.CopyTo(lastColors);
        for (var sample = 0; sample < classOfSample.Length; sample++)
        {
            var gray = (byte)(255 * sample / ((1 << depth) - 1));
            // A sample behind the palette means its last colour, as with Skia.
            var at = Math.Min(3 * sample, fileColors.Length - 3);
            var color = fileColors.IsEmpty && depth == 8 ? IndexLabel.ColorOf(palette, sample)
                : fileColors.IsEmpty ? new(gray, gray, gray)
                : new RgbColor(fileColors[at], fileColors[at + 1], fileColors[at + 2]);
            palette.TryGetClassIndex(color, out classOfSample[sample]);
            colorOfSample[sample] = color.TableIndex | byte.MaxValue << 24;
        }
        same = 0;
        while (same < byte.MaxValue && classOfSample[same] == same)
            same++;
    }

    private void MapIndices(ReadOnlySpan<byte> rgba, Span<byte> classIndex)
    {
        SetClasses(default, 8);
        for (var pixel = 0; pixel < classIndex.Length; pixel++)
            classIndex[pixel] = classOfSample[rgba[pixel * ImageDecoder.BytesPerPixel]];
    }

    private void DecodeColorsBySkia(EncodedFile file, ImageSize size, int top, int rows, Span<byte> colors)
    {
        skia.DecodeRows(file, size, top, rows, colors);
        if (!IndexLabel.Is(file.Bytes))
            return;
        SetClasses(default, 8);
        foreach (ref var pixel in MemoryMarshal.Cast<byte, int>(colors))
            pixel = colorOfSample[pixel & byte.MaxValue];
    }

    private void MapToColors(int top, Span<byte> colors)
    {
        var rowBytes = png.Size.Width * ImageDecoder.BytesPerPixel;
        for (var row = top; colors.Length > 0; row++, colors = colors[rowBytes..])
        {
            var pixels = MemoryMarshal.Cast<byte, int>(colors[..rowBytes]);
            var samples = png.Row(row)[..pixels.Length];
            for (var column = 0; column < pixels.Length; column++)
                pixels[column] = colorOfSample[samples[column]];
        }
    }

    private void MapColors(ReadOnlySpan<byte> rgba, Span<byte> classIndex)
    {
        var table = palette.HostTable;
        for (var pixel = 0; pixel < classIndex.Length; pixel++)
            classIndex[pixel] = table[ColorAt(rgba, pixel).TableIndex];
    }

    private void RequireKnownColors(EncodedFile file, ImageSize size, int top, ReadOnlySpan<byte> classIndex)
    {
        var pixel = classIndex.IndexOf(palette.UnknownMarker);
        if (pixel < 0)
            return;
        var color = ColorAt(skia.DecodeRows(file, size, top, classIndex.Length / size.Width), pixel);
        throw UnknownColorAt(file, size, top + pixel / size.Width, pixel % size.Width, color);
    }

    private DatasetException UnknownColorAt(EncodedFile file, ImageSize size, int row, int column, RgbColor color) => new(
        file.Path,
        IndexLabel.Is(file.Bytes)
            ? $"the pixel in row {row}, column {column} has the class index {skia.DecodeRows(file, size, row, 1)[column * ImageDecoder.BytesPerPixel]}, and the palette has {palette.ClassCount} classes; "
            + "correct the label, take a palette with more classes, or let unknown colours be ignored."
            : $"the pixel in row {row}, column {column} has the colour {color}, which the palette does not know; "
            + "correct the label, add the colour to the palette, or let unknown colours be ignored.");

    private static RgbColor ColorAt(ReadOnlySpan<byte> rgba, int pixel)
    {
        var at = pixel * ImageDecoder.BytesPerPixel;
        return new(rgba[at], rgba[at + 1], rgba[at + 2]);
    }
}
