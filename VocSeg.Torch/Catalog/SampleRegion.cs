namespace VocSeg.Torch;

/// <summary>A part of an image.</summary>
/// <param name="Top">Its first row, from 0.</param>
/// <param name="Left">Its first column, from 0.</param>
/// <param name="Size">Its height and width. It may reach beyond the image on the right and below.</param>
public readonly record struct SampleRegion(int Top, int Left, ImageSize Size);
