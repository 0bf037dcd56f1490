using System.Runtime.CompilerServices;

namespace SyntheticVoc;

/// <summary>How finely a JPEG file keeps colour beside brightness.</summary>
public enum ChromaSubsampling
{
    /// <summary>One colour value for two by two pixels, as most images have it.</summary>
    Chroma420 = 420,

    /// <summary>A colour value for every pixel; larger files that take longer to decode.</summary>
    Chroma444 = 444,
}

/// <summary>What a generated data set holds. The same options give the same files.</summary>
public sealed record SyntheticVocOptions
{
    /// <summary>How many samples <c>train</c> has, 1 to 400 000, as an id has six digits.</summary>
    public int Train { get; init => field = Require(value, value is >= 1 and <= 400_000, "1 to 400000"); } = 96;

    /// <summary>How many samples <c>val</c> has, 0 to 400 000.</summary>
    public int Val { get; init => field = Require(value, value is >= 0 and <= 400_000, "0 to 400000"); } = 32;

    /// <summary>Another seed gives other images.</summary>
    public int Seed { get; init; }

    /// <summary>How finely the images keep colour.</summary>
    public ChromaSubsampling Subsampling { get; init => field = Require(value, Enum.IsDefined(value), "420 or 444"); } =
        ChromaSubsampling.Chroma420;

    /// <summary>JPEG quality, 1 to 100. By default images take as many bytes as VOC's.</summary>
    public int Quality { get; init => field = Require(value, value is >= 1 and <= 100, "1 to 100"); } = 95;

    /// <summary>The size of every image, sides of 32 to 4096 pixels; null for VOC's mix of sizes.</summary>
    public (int Height, int Width)? Size
    {
        get;
        init => field = Require(
            value, value is null or { Height: >= 32 and <= 4096, Width: >= 32 and <= 4096 }, "sides of 32 to 4096");
    }

    /// <summary>How many samples are painted at once, which the files do not depend on.</summary>
    public int Parallelism { get; init => field = Require(value, value > 0, "1 and up"); } = Environment.ProcessorCount;

    private static T Require<T>(T value, bool isRight, string choices, [CallerMemberName] string name = "") =>
        isRight ? value : throw new ArgumentOutOfRangeException(name, $"{name} is {value}; take {choices}.");
}
