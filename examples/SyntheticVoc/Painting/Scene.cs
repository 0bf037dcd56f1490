using System.Collections.Immutable;
using System.Numerics;

namespace SyntheticVoc;

/// <summary>Composes one picture: backdrop, objects behind the focus, objects before it, camera.</summary>
internal static class Scene
{
    private static readonly Places[] AllPlaces = [Places.Street, Places.Meadow, Places.Water, Places.Room, Places.Air];

    internal static Canvas Paint(SamplePlan plan)
    {
        var random = new SeededRandom(plan.Seed);
        var canvas = new Canvas(plan.Size.Width, plan.Size.Height);
        var pixels = Math.Max(canvas.Width, canvas.Height) / Backdrop.LongestSide;

        var places = AllPlaces.Where(place => plan.Main.Places.HasFlag(place)).ToArray();
        var place = places[random.Below(places.Length)];
        var backdrop = Backdrop.Create(place, canvas.Width / pixels, canvas.Height / pixels, random);
        backdrop.Fill(canvas);

        var ground = backdrop.Horizon * pixels;
        var figures = ChooseFigures(plan, place, canvas, ground, random).OrderBy(figure => figure.Foot).ToArray();
        var focus = ground + 0.45f * (canvas.Height - ground);
        foreach (var figure in figures.Where(figure => figure.Foot < focus))
            figure.Paint(canvas, random);
        canvas.Blur((int)MathF.Round(Math.Max(0, random.Between(-2f, 2.9f)) * pixels));
        foreach (var figure in figures.Where(figure => figure.Foot >= focus))
            figure.Paint(canvas, random);

        Sensor.Expose(canvas, random);
        return canvas;
    }

    private static Figure[] ChooseFigures(SamplePlan plan, Places place, Canvas canvas, float ground, SeededRandom random)
    {
        var around = plan.Classes.Where(look => look.Places.HasFlag(place)).ToImmutableArray();
        var figures = new Figure[1 + random.Below(4)];
        for (var i = 0; i < figures.Length; i++)
        {
            var look = i == 0 ? plan.Main : ClassLooks.Draw(around, random.Unit());
            var centreX = canvas.Width * (i + random.Between(0.2f, 0.8f)) / figures.Length;
            figures[i] = place == Places.Air
                ? InTheAir(look, centreX, canvas, random)
                : OnTheGround(look, centreX, canvas, ground, random.Between(i == 0 ? 0.5f : 0.15f, 1), random);
        }
        return figures;
    }

    private static Figure OnTheGround(ClassLook look, float centreX, Canvas canvas, float ground, float near, SeededRandom random)
    {
        var foot = ground + near * (canvas.Height - ground);
        var scale = look.Height * canvas.Height * (0.12f + 0.3f * near) * random.Between(0.85f, 1.15f);
        scale = Fit(look, scale, canvas);
        return new(look, new(centreX, foot - scale), scale, Stands: true);
    }

    private static Figure InTheAir(ClassLook look, float centreX, Canvas canvas, SeededRandom random)
    {
        var scale = Fit(look, look.Height * canvas.Height * random.Between(0.25f, 0.6f), canvas);
        return new(look, new Vector2(centreX, canvas.Height * random.Between(0.2f, 0.75f)), scale, Stands: false);
    }

    /// <summary>At most most of the picture, and enough pixels to be more than border.</summary>
    private static float Fit(ClassLook look, float scale, Canvas canvas) =>
        Math.Max(14, Math.Min(scale, Math.Min(0.45f * canvas.Height, 0.5f * canvas.Width / look.HalfWidth)));
}
