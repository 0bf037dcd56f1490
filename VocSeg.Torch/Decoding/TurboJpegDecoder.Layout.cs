using System.Buffers.Binary;

namespace VocSeg.Torch;

internal sealed partial class TurboJpegDecoder
{
    /// <summary>What the segments in front of a JPEG's first scan say.</summary>
    /// <param name="Size">The size of the image.</param>
    /// <param name="Components">1 for gray, 3 for colour, 4 for inks.</param>
    /// <param name="RowsAtOnce">The rows of pixels that the file's smallest units span.</param>
    /// <param name="HeightOffset">Where the file says the height, in two bytes.</param>
    /// <param name="OneScan">
    /// Whether all rows come in one scan without markers, and no bytes stand between the segments. Then surplus bytes
    /// can only be behind the rows.
    /// </param>
    internal readonly record struct Layout(
        ImageSize Size, int Components, int RowsAtOnce, int HeightOffset, bool OneScan)
    {
        private const byte StartOfFrame = 0xC0; // baseline; 0xC1 extended and 0xC2 progressive follow
        private const byte StartOfImage = 0xD8;
        private const byte StartOfScan = 0xDA;
        private const byte RestartInterval = 0xDD;

        /// <returns>
        /// False where the file is no JPEG of 8-bit Huffman-coded samples, or has anything unusual in front of its
        /// first scan.
        /// </returns>
        internal static bool TryRead(ReadOnlySpan<byte> file, out Layout layout)
        {
            layout = default;
            if (file.Length < 4 || file[0] != 0xFF || file[1] != StartOfImage)
                return false;
            var restarts = false;
            var progressive = false;
            for (var at = 2; at + 4 <= file.Length;)
            {
                var marker = file[at + 1];
                var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
                if (file[at] != 0xFF || marker is < StartOfFrame or 0xFF or (>= 0xD0 and <= 0xD9))
                    return false;
                if (length < 2 || length > file.Length - at - 2)
                    return false;
                var content = file.Slice(at + 4, length - 2);
                switch (marker)
                {
                    case StartOfFrame or StartOfFrame + 1 or StartOfFrame + 2:
                        if (layout.Components != 0 || !TryReadFrame(content, at + 4, out layout))
                            return false;
                        progressive = marker == StartOfFrame + 2;
                        break;
                    case StartOfScan:
                        if (layout.Components == 0 || content.Length == 0)
                            return false;
                        layout = layout with { OneScan = !progressive && !restarts && content[0] == layout.Components };
                        return true;
                    case RestartInterval:
                        restarts = content.Length < 2 || BinaryPrimitives.ReadUInt16BigEndian(content) != 0;
                        break;
                    case < 0xD0 and not 0xC4:
                        return false; // lossless, hierarchical or arithmetic
                }
                at += 2 + length;
            }
            return false;
        }

        private static bool TryReadFrame(ReadOnlySpan<byte> content, int at, out Layout layout)
        {
            layout = default;
            if (content.Length < 6 || content[0] != 8)
                return false;
            var height = BinaryPrimitives.ReadUInt16BigEndian(content[1..]);
            var width = BinaryPrimitives.ReadUInt16BigEndian(content[3..]);
            var components = content[5];
            if (height == 0 || width == 0 || components == 0 || content.Length < 6 + 3 * components)
                return false;
            var tallest = 0;
            for (var component = 0; component < components; component++)
                tallest = Math.Max(tallest, content[7 + 3 * component] & 15);
            if (tallest is < 1 or > 4)
                return false;
            layout = new(new(height, width), components, 8 * tallest, at + 1, OneScan: false);
            return true;
        }
    }
}
