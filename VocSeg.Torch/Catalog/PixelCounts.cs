using System.Collections.Immutable;

namespace VocSeg.Torch;

/// <summary>Whole numbers about pixels, which add up in any order.</summary>
internal sealed class PixelCounts
{
    internal long Pixels { get; set; }

    /// <summary>The totals of red, green and blue.</summary>
    internal ulong[] Totals { get; } = new ulong[3];

    /// <summary>The totals of their squares: room for 2.8e14 pixels.</summary>
    internal ulong[] Squares { get; } = new ulong[3];

    /// <summary>The total of lumas, in thousandths of a level.</summary>
    internal UInt128 Lumas { get; set; }

    /// <summary>The total of their squares.</summary>
    internal UInt128 LumaSquares { get; set; }

    /// <summary>The pixels of each class in each sample, by its id and what part of the image it is.</summary>
    internal Dictionary<(string Id, SampleRegion? Part), ImmutableArray<int>> OfSamples { get; } = [];

    /// <summary>The pixels of each class index.</summary>
    internal long[] Classes { get; } = new long[256];

    /// <summary>The labelled pixels of the samples that show a class, for each class index.</summary>
    internal long[] AroundClasses { get; } = new long[256];

    internal void Add(PixelCounts other)
    {
        Pixels += other.Pixels;
        Lumas += other.Lumas;
        LumaSquares += other.LumaSquares;
        foreach (var (sample, pixels) in other.OfSamples)
            OfSamples.TryAdd(sample, pixels);
        for (var channel = 0; channel < Totals.Length; channel++)
        {
            Totals[channel] += other.Totals[channel];
            Squares[channel] += other.Squares[channel];
        }
        for (var index = 0; index < Classes.Length; index++)
        {
            Classes[index] += other.Classes[index];
            AroundClasses[index] += other.AroundClasses[index];
        }
    }
}
