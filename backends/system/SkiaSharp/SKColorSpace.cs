namespace SkiaSharp;

/// <summary>Only its name: here no colour is ever converted.</summary>
public class SKColorSpace : SKObject
{
    private static readonly SKColorSpace Srgb = new() { IgnorePublicDispose = true };

    internal SKColorSpace()
    {
    }

    public bool IsSrgb => ReferenceEquals(this, Srgb);

    public static SKColorSpace CreateSrgb() => Srgb;

    public static bool Equal(SKColorSpace left, SKColorSpace right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return ReferenceEquals(left, right);
    }
}
