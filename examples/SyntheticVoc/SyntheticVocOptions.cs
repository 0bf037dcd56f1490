namespace SyntheticVoc;

/// <summary>What a generated data set holds. The same options give the same files.</summary>
public sealed record SyntheticVocOptions
{
    /// <summary>The most samples of a split: an id has six digits for both splits together.</summary>
    public const int MaxSamples = 400_000;

    /// <summary>How many samples <c>train</c> has, 1 to 400 000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of range.</exception>
    public int Train { get; init => field = InRange(value, 1, MaxSamples, nameof(Train)); } = 96;

    /// <summary>How many samples <c>val</c> has, 0 to 400 000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of range.</exception>
    public int Val { get; init => field = InRange(value, 0, MaxSamples, nameof(Val)); } = 32;

    /// <summary>Another seed gives other pictures.</summary>
    public int Seed { get; init; }

    /// <summary>How finely the photos keep colour.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not one of the named values.</exception>
    public ChromaSubsampling Subsampling
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Subsampling), $"{value} is neither {ChromaSubsampling.Chroma420} nor {ChromaSubsampling.Chroma444}.");
    }

    /// <summary>JPEG quality, 1 to 100. By default photos take as many bytes as VOC's: 97 KB at 375x500 in the mean.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of range.</exception>
    public int Quality { get; init => field = InRange(value, 1, 100, nameof(Quality)); } = 95;

    /// <summary>The sizes of the photos, by default VOC's mix.</summary>
    /// <exception cref="ArgumentNullException">Null.</exception>
    public VocSizes Sizes { get; init => field = value ?? throw new ArgumentNullException(nameof(Sizes)); } = VocSizes.Voc;

    /// <summary>How many samples are painted at once, at least 1; the files do not depend on it. By default one a processor.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int Parallelism { get; init => field = InRange(value, 1, int.MaxValue, nameof(Parallelism)); } = Environment.ProcessorCount;

    private static int InRange(int value, int least, int most, string name) => value >= least && value <= most
        ? value
        : throw new ArgumentOutOfRangeException(name, $"{name} is {value}; take {least} to {most}.");
}
