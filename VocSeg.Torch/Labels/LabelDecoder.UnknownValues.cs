using System.Globalization;

namespace VocSeg.Torch;

internal sealed partial class LabelDecoder
{
    /// <summary>
    /// Looks at a whole label that has unknown values, to say which, how many, and what fits the file.
    /// </summary>
    private sealed class UnknownValues
    {
        private readonly LabelDecoder decoder;
        private readonly EncodedFile file;
        private readonly ImageSize size;
        private readonly byte[] classIndex;
        private readonly byte[] rgba = [];
        private readonly SegmentationPalette palette;

        internal UnknownValues(LabelDecoder decoder, EncodedFile file, ImageSize size)
        {
            this.decoder = decoder;
            this.file = file;
            this.size = size;
            palette = decoder.Palette;
            classIndex = ImageDecoder.Allocate(file.Path, size.Pixels, file.SampleId);
            decoder.Read(file, size, 0, size.Height, classIndex);
            if (!decoder.isPng)
                rgba = decoder.skia.DecodeRows(file, size, 0, size.Height).ToArray();
        }

        internal DatasetException Error(int top, int rows)
        {
            var start = top * size.Width;
            var first = start + classIndex.AsSpan(start, rows * size.Width).IndexOf(palette.UnknownMarker);
            var (row, column) = (first / size.Width, first % size.Width);
            var share = 100.0 * classIndex.AsSpan().Count(palette.UnknownMarker) / classIndex.Length;
            var percent = share < 0.1 ? "less than 0.1" : share.ToString("0.#", CultureInfo.InvariantCulture);
            return file.Error(
                DatasetFault.UnknownValue,
                $"the pixel in row {row}, column {column} has {Describe(row, column)}; {percent} % of the label is "
                + $"unknown. {Remedy()}");
        }

        private string Describe(int row, int column)
        {
            var (index, color) = ValueAt(row, column);
            if (decoder.byIndex)
            {
                return index is null ? $"the colour {color}, whose values are not equal and so are no class index"
                    : palette.IndexMap is not null ? $"the value {index}, which the palette's IndexMap does not name"
                    : index > byte.MaxValue ? $"the class index {index}, and a class index is at most 255"
                    : $"the class index {index}, and the palette has {palette.ClassCount} classes";
            }
            return color is not null ? $"the colour {color}, which the palette does not know"
                : decoder.png.Kind == LabelPng.ColorType.Palette
                    ? $"the palette index {index}, and the file's palette has no colour for it"
                : $"the gray level or colour {index}, which is none of 8 bits";
        }

        /// <summary>The option that fits this file, if one does.</summary>
        private string Remedy()
        {
            const string Palettes = "another of SegmentationPalette's or new SegmentationPalette(colors, names), ";
            const string Otherwise = "or let unknown values be ignored: UnknownColor = UnknownColor.Ignore.";
            var unmapped = palette.IndexMap is null ? null : palette with { IndexMap = null };
            bool fitsIndices = true, fitsColors = true, fitsUnmapped = unmapped is not null, holdsColors = false;
            var isGray = palette.Colors.SequenceEqual(SegmentationPalette.Binary.Colors);
            for (var row = 0; row < size.Height; row++)
            {
                for (var column = 0; column < size.Width; column++)
                {
                    var (index, color) = ValueAt(row, column);
                    fitsIndices &= index is { } value && palette.ClassOfIndex(value) != palette.UnknownMarker;
                    fitsUnmapped = fitsUnmapped && index is { } number
                        && unmapped!.ClassOfIndex(number) != palette.UnknownMarker;
                    fitsColors &= decoder.ClassOfColor(color) != palette.UnknownMarker;
                    holdsColors |= index is null;
                    // A map splits indices, which are shades only in gray of 8 bits and where colours say so.
                    isGray &= color is { } shade && index == shade.Red && index == shade.Green && index == shade.Blue;
                }
            }
            if (!decoder.byIndex && fitsIndices)
            {
                return "All values of the file fit as class indices: set LabelEncoding = LabelEncoding.Indices on the "
                    + "palette, " + Otherwise;
            }
            if (!decoder.byIndex && isGray)
            {
                return "The file holds shades of gray: split them by SegmentationPalette.FromNames(\"background\", "
                    + "\"foreground\") with { IndexMap = IndexMap.FromRanges((0, 127, 0), (128, 255, 1)) }, "
                    + Otherwise;
            }
            if (decoder.byIndex && fitsColors)
            {
                return "All colours of the file are the palette's: set "
                    + (unmapped is null ? "" : "IndexMap = null and ")
                    + "LabelEncoding = LabelEncoding.Colors on the palette, " + Otherwise;
            }
            if (decoder.byIndex && fitsUnmapped)
            {
                return "Without the map all values of the file fit as class indices: set IndexMap = null on the "
                    + "palette, " + Otherwise;
            }
            if (decoder.byIndex && holdsColors)
            {
                return "The file holds colours: take the palette that it was drawn with, " + Palettes + Otherwise;
            }
            return decoder.byIndex && unmapped is not null
                ? "Correct the label, give the value a class or IndexMap.Ignore in the map, " + Otherwise
                : decoder.byIndex
                ? "Correct the label, take a palette with more classes, say what the values mean by an IndexMap, "
                    + Otherwise
                : "Correct the label, take the palette that it was drawn with, " + Palettes + Otherwise;
        }

        /// <summary>What a pixel says as an index and as a colour; null where it says none.</summary>
        private (int? Index, RgbColor? Color) ValueAt(int row, int column)
        {
            var png = decoder.png;
            if (!decoder.isPng)
            {
                var at = rgba.AsSpan((row * size.Width + column) * ImageDecoder.BytesPerPixel);
                return (at[0] == at[1] && at[1] == at[2] ? at[0] : null, new RgbColor(at[0], at[1], at[2]));
            }
            var pixel = png.Row(row).Slice(column * png.PixelBytes, png.PixelBytes);
            if (png.Kind is LabelPng.ColorType.Palette || (png.PixelBytes == 1 && png.Depth <= 8))
                return (pixel[0], decoder.ColorOf(pixel[0], file.Bytes[png.Colors]));
            var bytes = png.Depth == 16 ? 2 : 1;
            var isGray = png.Kind is LabelPng.ColorType.Gray or LabelPng.ColorType.GrayAlpha;
            var red = Sample(pixel, 0, bytes);
            var green = isGray ? red : Sample(pixel, 1, bytes);
            var blue = isGray ? red : Sample(pixel, 2, bytes);
            return (red == green && green == blue ? red : null, AsColor(red, green, blue, bytes));
        }
    }
}
