namespace VocSeg.Torch;

/// <summary>One photo with its label image.</summary>
/// <param name="Id">The name in the list file, such as <c>2007_000032</c>.</param>
/// <param name="ImagePath">The photo, a JPEG file.</param>
/// <param name="LabelPath">The label image, a PNG file.</param>
/// <param name="Size">Height and width in pixels, the same for both files.</param>
public sealed record VocSample(string Id, string ImagePath, string LabelPath, ImageSize Size);
