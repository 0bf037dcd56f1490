using System.Numerics;

namespace SyntheticVoc;

/// <summary>What is behind the objects. Its units are those of a photo with a longest side of <see cref="LongestSide"/>.</summary>
internal abstract class Backdrop
{
    internal const float LongestSide = 500;

    /// <summary>Where the ground ends, from the top.</summary>
    internal abstract float Horizon { get; }

    internal abstract Vector3 ColorAt(float x, float y);

    internal static Backdrop Create(Places place, float width, float height, SeededRandom random) => place switch
    {
        Places.Street => new Street(height, random),
        Places.Meadow => new Meadow(height, random),
        Places.Water => new Lake(height, random),
        Places.Room => new Room(width, height, random),
        _ => new OpenSky(height, random),
    };

    internal void Fill(Canvas canvas)
    {
        var unit = LongestSide / Math.Max(canvas.Width, canvas.Height);
        for (int row = 0, pixel = 0; row < canvas.Height; row++)
        {
            for (var column = 0; column < canvas.Width; column++, pixel++)
                canvas.Colors[pixel] = ColorAt(column * unit, row * unit);
        }
    }
}
