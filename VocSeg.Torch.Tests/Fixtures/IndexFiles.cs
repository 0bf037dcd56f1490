namespace VocSeg.Torch.Tests;

/// <summary>Label files that hold numbers, of every kind of PNG that can.</summary>
internal static class IndexFiles
{
    /// <summary>VOC's colours of 256 indices, three bytes each.</summary>
    internal static readonly byte[] VocColormap =
        [.. Enumerable.Range(0, 256).Select(VocColors.ColorOf).SelectMany(color => new[] { color.Red, color.Green, color.Blue })];

    /// <summary>256 shades of gray, three bytes each.</summary>
    internal static readonly byte[] Ramp = [.. Enumerable.Range(0, 256).SelectMany(i => new[] { (byte)i, (byte)i, (byte)i })];

    internal static readonly string[] Kinds =
        ["gray8", "gray16", "gray8+alpha", "gray16+alpha", "rgb", "rgba", "rgb16", "palette", "ramp palette"];

    /// <summary>Whether a kind holds values above 255.</summary>
    internal static bool IsWide(string kind) => kind.Contains("16", StringComparison.Ordinal);

    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="values">The values of row after row.</param>
    /// <param name="interlaced">Whether the file is written pass by pass.</param>
    internal static byte[] Write(string kind, int width, int[] values, bool interlaced = false)
    {
        int[] Each(Func<int, int[]> samples) => [.. values.SelectMany(samples)];
        var (colorType, samples, palette) = kind switch
        {
            "gray8" or "gray16" => (PngWriter.Gray, values, Array.Empty<byte>()),
            "gray8+alpha" => (PngWriter.GrayAlpha, Each(value => [value, 17]), []),
            "gray16+alpha" => (PngWriter.GrayAlpha, Each(value => [value, 0]), []),
            "rgb" or "rgb16" => (PngWriter.Rgb, Each(value => [value, value, value]), []),
            "rgba" => (PngWriter.Rgba, Each(value => [value, value, value, 0]), []),
            "palette" => (PngWriter.Palette, values, VocColormap),
            "ramp palette" => (PngWriter.Palette, values, Ramp),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        var (height, depth) = (values.Length / width, IsWide(kind) ? 16 : 8);
        return interlaced
            ? InterlacedPng.Write(width, height, colorType, depth, samples, palette)
            : PngWriter.Write(width, height, colorType, depth, samples, palette);
    }
}
