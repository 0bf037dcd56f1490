using SkiaSharp;

namespace Gallery;

/// <summary>The files that pages are made of.</summary>
internal static class PictureFile
{
    /// <summary>A PNG file; rows that stay as they are pack best where there are few colours in large areas.</summary>
    internal static byte[] EncodePng(SKBitmap bitmap, SKPngEncoderFilterFlags filters = SKPngEncoderFilterFlags.None)
    {
        using var pixels = bitmap.PeekPixels();
        using var data = pixels.Encode(new SKPngEncoderOptions(filters, 8));
        return data?.ToArray() ?? throw new InvalidOperationException("SkiaSharp could not encode the image.");
    }

    /// <summary>Writes a file, and its folder; it appears under its name only when it is whole.</summary>
    internal static void WriteWhole(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllBytes(path + ".part", content);
        File.Move(path + ".part", path, overwrite: true);
    }
}
