using System.Runtime.InteropServices;

namespace SyntheticVoc;

/// <summary>The size of a generated photo.</summary>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Pixels a row.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PhotoSize(int Height, int Width)
{
    /// <summary>The size as height x width, such as <c>375x500</c>.</summary>
    public override string ToString() => $"{Height}x{Width}";
}
