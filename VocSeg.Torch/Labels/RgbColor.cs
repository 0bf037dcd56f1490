namespace VocSeg.Torch;

/// <summary>A colour of a label image, 8 bits a channel.</summary>
/// <param name="Red">Red, 0 to 255.</param>
/// <param name="Green">Green, 0 to 255.</param>
/// <param name="Blue">Blue, 0 to 255.</param>
public readonly record struct RgbColor(byte Red, byte Green, byte Blue)
{
    /// <summary>
    /// The place of this colour in a lookup table: red + 256 green + 65536 blue, which is also what the
    /// first three bytes of an RGBA pixel say when they are read as a little-endian number.
    /// </summary>
    internal int TableIndex => Red | Green << 8 | Blue << 16;

    internal static RgbColor FromTableIndex(int index) => new((byte)index, (byte)(index >> 8), (byte)(index >> 16));

    /// <summary>The colour as <c>(red, green, blue)</c>.</summary>
    public override string ToString() => $"({Red}, {Green}, {Blue})";
}
