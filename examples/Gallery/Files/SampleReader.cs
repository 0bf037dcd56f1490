using VocSeg.Torch;

namespace Gallery;

/// <summary>Reads whole samples for a gallery.</summary>
internal static class SampleReader
{
    /// <exception cref="VocDataException">One of the files is not sound, or has another size than the catalog says.</exception>
    internal static GalleryItem Read(VocSample sample, SegmentationPalette palette, GalleryWindow? window)
    {
        var (rgba, height, width) = PictureFile.ReadRgba(sample.ImagePath);
        var (label, labelHeight, labelWidth) = PictureFile.ReadClassIndex(sample.LabelPath, palette);
        RequireSize(sample.ImagePath, height, width, sample.Size);
        RequireSize(sample.LabelPath, labelHeight, labelWidth, sample.Size);
        return new(sample.Id, rgba, height, width) { Label = label, Window = window };
    }

    private static void RequireSize(string path, int height, int width, ImageSize expected)
    {
        if (height != expected.Height || width != expected.Width)
            throw new VocDataException(path, $"the picture is {height}x{width}, {expected} was expected; the file changed after the catalog was read.");
    }
}
