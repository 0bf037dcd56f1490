using System.Runtime.InteropServices;

namespace VocSeg.Torch;

/// <summary>Finds out whether the image and the label of a sample have changed places.</summary>
internal static class ExchangedFiles
{
    // A label has at most as many classes as a byte has values; an image of the world has more colours.
    private const int MostColorsOfLabel = 256;

    /// <summary>The error about a label, with a hint where the label is an image and the image a label.</summary>
    /// <param name="fault">The error; its file is the label.</param>
    /// <param name="image">The path of the image.</param>
    internal static DatasetException Explain(DatasetException fault, string image)
    {
        if (fault.Fault is not (DatasetFault.LabelFormat or DatasetFault.UnknownValue)
            || ColorsOf(image, mayBeJpeg: false) is not { } few || few > MostColorsOfLabel
            || ColorsOf(fault.Path, mayBeJpeg: true) is not > MostColorsOfLabel)
        {
            return fault;
        }
        return fault.With(
            $" It has more than {MostColorsOfLabel} colours, as an image has, and {image} has {few}, as a label has: "
            + "if image and label have changed places, give each in the place of the other.");
    }

    /// <summary>How many colours a file has, counted to one more than a label has; null where nobody can say.</summary>
    private static int? ColorsOf(string path, bool mayBeJpeg)
    {
        try
        {
            var file = new EncodedFile();
            file.Read(path);
            if (!mayBeJpeg && ImageHeader.IsJpeg(file.Bytes))
                return null;
            var decoder = new SkiaDecoder();
            var size = SkiaDecoder.ReadHeader(file).Size;
            var colors = new HashSet<int>();
            foreach (var pixel in MemoryMarshal.Cast<byte, int>(decoder.DecodeRows(file, size, 0, size.Height)))
            {
                if (colors.Add(pixel) && colors.Count > MostColorsOfLabel)
                    break;
            }
            return colors.Count;
        }
        catch (DatasetException)
        {
            return null;
        }
    }
}
