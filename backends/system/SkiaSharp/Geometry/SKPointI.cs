namespace SkiaSharp;

public struct SKPointI : IEquatable<SKPointI>
{
    public static readonly SKPointI Empty;

    public SKPointI(int x, int y)
    {
        X = x;
        Y = y;
    }

    public int X { readonly get; set; }

    public int Y { readonly get; set; }

    public readonly bool IsEmpty => this == Empty;

    public static bool operator ==(SKPointI left, SKPointI right) => left.Equals(right);

    public static bool operator !=(SKPointI left, SKPointI right) => !left.Equals(right);

    public readonly bool Equals(SKPointI obj) => X == obj.X && Y == obj.Y;

    public readonly override bool Equals(object? obj) => obj is SKPointI other && Equals(other);

    public readonly override int GetHashCode() => HashCode.Combine(X, Y);

    public readonly override string ToString() => $"{{X={X},Y={Y}}}";
}
