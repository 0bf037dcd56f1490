using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace VocSeg.Torch;

/// <summary>
/// The EXIF orientation of an image: how the stored rows and columns are to be turned for display. Cameras store what
/// the sensor gave and note here how it was held. 1 is as stored; 2 to 4 mirror or turn by half; 5 to 8 swap height and
/// width.
/// </summary>
internal static class ExifOrientation
{
    internal const int AsStored = 1;
    internal const int Last = 8;
    private const int Tile = 16;

    /// <summary>Whether height and width are swapped.</summary>
    internal static bool SwapsSides(int orientation) => orientation >= 5;

    /// <summary>Whether stored columns are displayed from the last one on, and whether stored rows are.</summary>
    internal static (bool FromRight, bool FromBottom) Mirrors(int orientation) =>
        (orientation is 2 or 3 or 7 or 8, orientation is 3 or 4 or 6 or 7);

    /// <summary>The stored size of an image that is displayed in this one, and the other way round.</summary>
    internal static ImageSize Turn(ImageSize size, int orientation) =>
        SwapsSides(orientation) ? new(size.Width, size.Height) : size;

    /// <summary>Reads the tag.</summary>
    /// <param name="exif">A TIFF header and what follows.</param>
    /// <returns>1 to 8; 1 where there is none or the data is damaged.</returns>
    internal static int Read(ReadOnlySpan<byte> exif)
    {
        const ushort Tag = 0x0112, Short = 3;
        var little = exif.StartsWith("II*\0"u8);
        if (exif.Length < 8 || (!little && !exif.StartsWith("MM\0*"u8)))
            return AsStored;
        var offset = exif[4..];
        var first = little
            ? BinaryPrimitives.ReadUInt32LittleEndian(offset)
            : BinaryPrimitives.ReadUInt32BigEndian(offset);
        if (first > exif.Length - 2)
            return AsStored;
        var entries = exif[(int)first..];
        var count = Number(entries, little);
        entries = entries[2..];
        for (; count > 0 && entries.Length >= 12; count--, entries = entries[12..])
        {
            if (Number(entries, little) != Tag)
                continue;
            var value = Number(entries[8..], little);
            return Number(entries[2..], little) == Short && value is >= AsStored and <= Last ? value : AsStored;
        }
        return AsStored;
    }

    /// <summary>Copies rows of an image as it is displayed.</summary>
    /// <param name="stored">The whole image as it is stored, four bytes a pixel.</param>
    /// <param name="size">The size that it is stored in.</param>
    /// <param name="orientation">2 to 8, or 1 for a copy.</param>
    /// <param name="top">The first row that is wanted of the displayed image.</param>
    /// <param name="rows">How many are wanted.</param>
    /// <param name="displayed">Where they go, four bytes a pixel.</param>
    /// <param name="cancellation">Stops the copying.</param>
    internal static void Turn(
        ReadOnlySpan<byte> stored, ImageSize size, int orientation, int top, int rows, Span<byte> displayed,
        CancellationToken cancellation = default)
    {
        var from = MemoryMarshal.Cast<byte, int>(stored);
        var to = MemoryMarshal.Cast<byte, int>(displayed);
        var width = Turn(size, orientation).Width;
        // From pixel to pixel of the displayed image: where its first one is stored, and the steps to the next row and
        // column.
        var (fromRight, fromBottom) = Mirrors(orientation);
        var start = (fromBottom ? size.Height - 1 : 0) * size.Width + (fromRight ? size.Width - 1 : 0);
        var (down, right) = (fromBottom ? -size.Width : size.Width, fromRight ? -1 : 1);
        if (SwapsSides(orientation))
            (down, right) = (right, down);
        // Tiles keep the rows that a column crosses in the cache.
        for (var tileRow = 0; tileRow < rows; tileRow += Tile)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var tileColumn = 0; tileColumn < width; tileColumn += Tile)
            {
                var columns = Math.Min(Tile, width - tileColumn);
                for (var row = tileRow; row < Math.Min(rows, tileRow + Tile); row++)
                {
                    var line = to.Slice(row * width + tileColumn, columns);
                    var at = start + (top + row) * down + tileColumn * right;
                    for (var column = 0; column < line.Length; column++, at += right)
                        line[column] = from[at];
                }
            }
        }
    }

    private static int Number(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
