using System.Collections.Immutable;
using System.Numerics;

namespace SyntheticVoc;

/// <summary>What runs over an object's own colours.</summary>
internal enum Texture
{
    Plain,
    Cloth,
    Fur,
    Stripes,
    Patches,
    Wool,
    Wood,
    Gloss,
    Leaves,
}

/// <summary>Where objects of a class are found.</summary>
[Flags]
internal enum Places
{
    Street = 1,
    Meadow = 2,
    Water = 4,
    Room = 8,
    Air = 16,
    Outside = Street | Meadow,
}

/// <summary>What the objects of a class look like.</summary>
/// <param name="Index">The class index of VOC.</param>
/// <param name="Weight">In how many of VOC's training photos the class is.</param>
/// <param name="Places">Where it is found.</param>
/// <param name="Height">Its height beside a grown person's.</param>
/// <param name="Body">The first colour.</param>
/// <param name="Second">The second colour.</param>
/// <param name="Texture">What runs over both colours.</param>
/// <param name="Wobble">How uneven the outline is.</param>
/// <param name="Parts">The pieces, from back to front.</param>
internal sealed record ClassLook(
    byte Index, int Weight, Places Places, float Height, Vector3 Body, Vector3 Second, Texture Texture, float Wobble, ImmutableArray<Part> Parts)
{
    /// <summary>The widest reach of the parts to either side.</summary>
    internal float HalfWidth { get; } = Parts.Max(part => MathF.Abs(part.X) + part.Reach);
}
