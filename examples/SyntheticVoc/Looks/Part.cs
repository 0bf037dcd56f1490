using System.Numerics;

namespace SyntheticVoc;

/// <summary>The outline of a part.</summary>
internal enum PartShape
{
    Ellipse,
    Box,
    Ring,
}

/// <summary>What covers a part: one of the class's two colours, or a material that looks alike on all classes.</summary>
internal enum Paint
{
    Body,
    Second,
    Dark,
    Light,
    Skin,
    Glass,
}

/// <summary>
/// One piece of an object, in the object's own units: the whole spans -1 (top, left) to 1 (bottom) and is mirrored or
/// leant as a whole.
/// </summary>
internal sealed record Part(PartShape Shape, float X, float Y, float RadiusX, float RadiusY, Paint Paint, float Turn = 0)
{
    private const float RingThickness = 0.13f;

    private readonly float _cos = MathF.Cos(Turn * MathF.PI / 180), _sin = MathF.Sin(Turn * MathF.PI / 180);

    /// <summary>How far the part reaches from its centre.</summary>
    internal float Reach { get; } = MathF.Sqrt(RadiusX * RadiusX + RadiusY * RadiusY) * (1 + RingThickness);

    /// <summary>How far a point is outside of the outline; inside it is negative. Close to exact near the outline.</summary>
    internal float Distance(Vector2 point)
    {
        var local = ToLocal(point);
        switch (Shape)
        {
            case PartShape.Box:
                var round = 0.3f * MathF.Min(RadiusX, RadiusY);
                var past = Vector2.Abs(local) - new Vector2(RadiusX - round, RadiusY - round);
                return Vector2.Max(past, Vector2.Zero).Length() + MathF.Min(MathF.Max(past.X, past.Y), 0) - round;
            case PartShape.Ring:
                return MathF.Abs(EllipseDistance(local)) - RingThickness * RadiusX;
            default:
                return EllipseDistance(local);
        }
    }

    /// <summary>Where the surface faces at a point inside, as if the part were blown up like a cushion.</summary>
    internal Vector3 Facing(Vector2 point)
    {
        var local = ToLocal(point);
        float x = Math.Clamp(local.X / RadiusX, -1, 1), y = Math.Clamp(local.Y / RadiusY, -1, 1);
        if (Shape == PartShape.Box)
            (x, y) = (x * x * x * 0.8f, y * y * y * 0.8f);
        var depth = MathF.Sqrt(MathF.Max(0.05f, 1 - x * x - y * y));
        return Vector3.Normalize(new(x * _cos - y * _sin, x * _sin + y * _cos, depth));
    }

    private Vector2 ToLocal(Vector2 point)
    {
        float x = point.X - X, y = point.Y - Y;
        return new(x * _cos + y * _sin, y * _cos - x * _sin);
    }

    private float EllipseDistance(Vector2 local)
    {
        float x = local.X / RadiusX, y = local.Y / RadiusY;
        float k = MathF.Sqrt(x * x + y * y), slope = MathF.Sqrt(x * x / (RadiusX * RadiusX) + y * y / (RadiusY * RadiusY));
        return slope < 1e-6f ? -MathF.Min(RadiusX, RadiusY) : k * (k - 1) / slope;
    }
}
