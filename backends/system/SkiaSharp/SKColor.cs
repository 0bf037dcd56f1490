namespace SkiaSharp;

public readonly struct SKColor : IEquatable<SKColor>
{
    public static readonly SKColor Empty;

    private readonly uint argb;

    public SKColor(uint value) => argb = value;

    public SKColor(byte red, byte green, byte blue)
        : this(red, green, blue, 255)
    {
    }

    public SKColor(byte red, byte green, byte blue, byte alpha) =>
        argb = ((uint)alpha << 24) | ((uint)red << 16) | ((uint)green << 8) | blue;

    public byte Alpha => (byte)(argb >> 24);

    public byte Red => (byte)(argb >> 16);

    public byte Green => (byte)(argb >> 8);

    public byte Blue => (byte)argb;

    public static implicit operator SKColor(uint color) => new(color);

    public static explicit operator uint(SKColor color) => color.argb;

    public static bool operator ==(SKColor left, SKColor right) => left.Equals(right);

    public static bool operator !=(SKColor left, SKColor right) => !left.Equals(right);

    public SKColor WithRed(byte red) => new(red, Green, Blue, Alpha);

    public SKColor WithGreen(byte green) => new(Red, green, Blue, Alpha);

    public SKColor WithBlue(byte blue) => new(Red, Green, blue, Alpha);

    public SKColor WithAlpha(byte alpha) => new(Red, Green, Blue, alpha);

    public bool Equals(SKColor obj) => argb == obj.argb;

    public override bool Equals(object? other) => other is SKColor color && Equals(color);

    public override int GetHashCode() => argb.GetHashCode();

    public override string ToString() => $"#{argb:x8}";
}
