using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VocSeg.Torch;

/// <summary>
/// Decodes label files to one class index a pixel, by the colours or indices of a palette. Not thread-safe; one per
/// worker.
/// </summary>
/// <remarks>
/// Unknown values are found in the rows that are wanted. Damage is found in all of a PNG file, see
/// <see cref="LabelPng"/>.
/// </remarks>
internal sealed partial class LabelDecoder(SegmentationPalette palette)
{
    private readonly LabelPng png = new();
    private readonly SkiaDecoder skia = new();
    private readonly byte[] classOfSample = new byte[256];
    private readonly byte[] lastColors = new byte[768];
    private (bool ByIndex, bool IsPalette, int Depth, int ColorBytes)? mapped;
    private bool isPng;
    private bool byIndex;
    private int same;

    internal SegmentationPalette Palette => palette;

    /// <summary>Whether any label that was decoded so far showed a class other than 0.</summary>
    internal bool SawForeground { get; private set; }

    /// <summary>Decodes rows of a label, without padding.</summary>
    /// <param name="file">The file; its bytes are read in place.</param>
    /// <param name="size">The size that the label must have.</param>
    /// <param name="top">The first row that is wanted.</param>
    /// <param name="rows">How many are wanted.</param>
    /// <param name="classIndex">Memory of <c>rows * width</c> bytes or more.</param>
    /// <exception cref="DatasetException">
    /// The label has another size, is not sound, is of a lossy format, or holds a value that is an error.
    /// </exception>
    internal void DecodeClassIndex(EncodedFile file, ImageSize size, int top, int rows, Span<byte> classIndex)
    {
        ImageDecoder.RequireRows(size, top, rows, 1, classIndex.Length);
        classIndex = classIndex[..(rows * size.Width)];
        Read(file, size, top, rows, classIndex);
        // One fast search over the rows finds out whether any is there at all.
        if (palette.UnknownColor == UnknownColor.Error && classIndex.Contains(palette.UnknownMarker))
            throw new UnknownValues(this, file, size).Error(top, rows);
        SawForeground = SawForeground || ShowsForeground(classIndex);
    }

    /// <summary>The palette's colour of every class index, for the lookup on the device.</summary>
    /// <param name="classIndex">Class indices as they were decoded.</param>
    /// <param name="colors">Memory of four bytes for each of them; the fourth byte does not matter.</param>
    internal void ToColors(ReadOnlySpan<byte> classIndex, Span<byte> colors)
    {
        var colorOf = palette.ColorOfClass;
        var to = MemoryMarshal.Cast<byte, int>(colors[..(classIndex.Length * ImageDecoder.BytesPerPixel)]);
        for (var pixel = 0; pixel < to.Length; pixel++)
            to[pixel] = colorOf[classIndex[pixel]];
    }

    private void Read(EncodedFile file, ImageSize size, int top, int rows, Span<byte> classIndex)
    {
        isPng = ImageHeader.IsPng(file.Bytes);
        if (!isPng)
        {
            RequireLossless(file);
            byIndex = palette.LabelEncoding == LabelEncoding.Indices;
            var rgba = skia.DecodeRows(file, size, top, rows);
            for (var pixel = 0; pixel < classIndex.Length; pixel++)
                classIndex[pixel] = ClassOfPixel(rgba.Slice(pixel * ImageDecoder.BytesPerPixel, 3), 1);
            return;
        }
        try
        {
            png.Open(file.Bytes);
            if (png.Size != size)
            {
                throw file.Error(
                    DatasetFault.Size,
                    $"the label is {png.Size} (height x width), {size} was expected; the file changed after the "
                    + "catalog was read.");
            }
            var isBlackWhite = MayBeBlackWhite();
            png.Decode(isBlackWhite ? size.Height : top + rows);
            byIndex = IsByIndex(file, isBlackWhite);
        }
        catch (InvalidDataException fault)
        {
            throw file.Error(
                DatasetFault.Damaged,
                $"the label is damaged: {fault.Message}; put a sound file in its place, or take its id out of the "
                + "list.",
                fault);
        }
        catch (Exception fault) when (fault is NotSupportedException or OutOfMemoryException)
        {
            throw file.Error(
                DatasetFault.TooLarge,
                $"the label is too large: {fault.Message.TrimEnd('.')}; put a smaller one in its place.",
                fault);
        }
        if (png.PixelBytes == 1)
            SetClasses(png.Kind == LabelPng.ColorType.Palette ? file.Bytes[png.Colors] : default);
        for (var row = top; classIndex.Length > 0; row++, classIndex = classIndex[size.Width..])
            MapRow(png.Row(row), classIndex[..size.Width]);
    }

    /// <summary>Whether 8-bit gray could be black and white, which only all of its pixels can tell.</summary>
    private bool MayBeBlackWhite() =>
        palette is { LabelEncoding: LabelEncoding.Auto, IndexMap: null, HasBlackAndWhite: true }
        && png is { Kind: LabelPng.ColorType.Gray, Depth: 8 };

    private bool IsByIndex(EncodedFile file, bool isBlackWhite)
    {
        if (palette.LabelEncoding != LabelEncoding.Auto)
            return palette.LabelEncoding == LabelEncoding.Indices;
        if (png.Kind is LabelPng.ColorType.Palette or LabelPng.ColorType.Rgb or LabelPng.ColorType.Rgba)
            return false;
        if (png is { Kind: LabelPng.ColorType.Gray, Depth: 8 })
        {
            for (var row = 0; isBlackWhite && row < png.Size.Height; row++)
                isBlackWhite = !png.Row(row).ContainsAnyExcept((byte)0, byte.MaxValue);
            return !isBlackWhite;
        }
        var alpha = png.Kind == LabelPng.ColorType.GrayAlpha ? " and alpha" : "";
        throw file.Error(
            DatasetFault.LabelFormat,
            $"a label of {png.Depth}-bit gray{alpha} may hold class indices or shades of gray; say which on the "
            + "palette: LabelEncoding = LabelEncoding.Indices, or LabelEncoding.Colors.");
    }

    private void MapRow(ReadOnlySpan<byte> row, Span<byte> classIndex)
    {
        if (png.PixelBytes == 1)
        {
            MapBytes(row, classIndex);
            return;
        }
        var bytes = png.PixelBytes;
        var sampleBytes = png.Depth == 16 ? 2 : 1;
        var colorBytes = png.Kind == LabelPng.ColorType.GrayAlpha ? sampleBytes
            : png.Kind == LabelPng.ColorType.Rgba ? 3 * sampleBytes
            : bytes;
        for (var column = 0; column < classIndex.Length; column++)
            classIndex[column] = ClassOfPixel(row.Slice(column * bytes, colorBytes), sampleBytes);
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
        ref var to = ref MemoryMarshal.GetReference(classIndex);
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

    /// <summary>Sets the class of every one-byte sample, unless the last file had the same kind and colours.</summary>
    private void SetClasses(ReadOnlySpan<byte> fileColors)
    {
        var key = (byIndex, png.Kind == LabelPng.ColorType.Palette, png.Depth, fileColors.Length);
        if (mapped == key && fileColors.SequenceEqual(lastColors.AsSpan(0, fileColors.Length)))
            return;
        mapped = key;
        fileColors.CopyTo(lastColors);
        for (var sample = 0; sample < classOfSample.Length; sample++)
            classOfSample[sample] = byIndex ? palette.ClassOfIndex(sample) : ClassOfColor(ColorOf(sample, fileColors));
        same = 0;
        while (same < byte.MaxValue && classOfSample[same] == same)
            same++;
    }

    /// <summary>The colour of a sample of one byte; null where the file's palette has none for it.</summary>
    private RgbColor? ColorOf(int sample, ReadOnlySpan<byte> fileColors)
    {
        if (png.Kind == LabelPng.ColorType.Palette)
        {
            var at = 3 * sample;
            return at < fileColors.Length ? new(fileColors[at], fileColors[at + 1], fileColors[at + 2]) : null;
        }
        var level = (1 << png.Depth) - 1;
        var gray = (byte)(255 * Math.Min(sample, level) / level);
        return new(gray, gray, gray);
    }

    /// <param name="pixel">One or three samples, without alpha.</param>
    /// <param name="sampleBytes">The bytes of a sample, the high byte first.</param>
    private byte ClassOfPixel(ReadOnlySpan<byte> pixel, int sampleBytes)
    {
        var isGray = pixel.Length == sampleBytes;
        var red = Sample(pixel, 0, sampleBytes);
        var green = isGray ? red : Sample(pixel, 1, sampleBytes);
        var blue = isGray ? red : Sample(pixel, 2, sampleBytes);
        if (byIndex)
            return red == green && green == blue ? palette.ClassOfIndex(red) : palette.ValueOfUnknown;
        return ClassOfColor(AsColor(red, green, blue, sampleBytes));
    }

    private byte ClassOfColor(RgbColor? color) =>
        color is { } known ? palette.HostTable[known.TableIndex] : palette.ValueOfUnknown;

    private static int Sample(ReadOnlySpan<byte> pixel, int channel, int sampleBytes) =>
        sampleBytes == 1 ? pixel[channel] : BinaryPrimitives.ReadUInt16BigEndian(pixel[(2 * channel)..]);

    /// <summary>A colour of 8 bits; null for one of 16 bits that 8 bits cannot say.</summary>
    private static RgbColor? AsColor(int red, int green, int blue, int sampleBytes)
    {
        if (sampleBytes == 1)
            return new((byte)red, (byte)green, (byte)blue);
        return red % 257 == 0 && green % 257 == 0 && blue % 257 == 0
            ? new((byte)(red / 257), (byte)(green / 257), (byte)(blue / 257))
            : null;
    }

    private bool ShowsForeground(ReadOnlySpan<byte> classIndex) =>
        palette.ClassCount > 1 && classIndex.ContainsAnyInRange((byte)1, (byte)(palette.ClassCount - 1));

    private static void RequireLossless(EncodedFile file)
    {
        var bytes = file.Bytes;
        var format = ImageHeader.IsJpeg(bytes) ? "JPEG"
            : IsLossyWebP(bytes) ? "lossy WebP"
            : null;
        if (format is not null)
        {
            throw file.Error(
                DatasetFault.LabelFormat,
                $"the label is stored as {format}, which changes values and so cannot hold a label; store it as PNG, "
                + "from the original.");
        }
    }

    private static bool IsLossyWebP(ReadOnlySpan<byte> bytes) =>
        bytes.Length > 16 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8)
        && bytes[12..].IndexOf("VP8 "u8) is >= 0 and < 64;
}
