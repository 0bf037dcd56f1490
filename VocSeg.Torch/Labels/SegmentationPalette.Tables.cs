using System.Runtime.CompilerServices;

namespace VocSeg.Torch;

public sealed partial record SegmentationPalette
{
    // The tables stand beside the palettes, not in them: a changed copy of a palette must not take its table along.
    private static readonly ConditionalWeakTable<SegmentationPalette, byte[]> HostTables = [];
    private static readonly ConditionalWeakTable<SegmentationPalette, int[]> ClassColors = [];

    /// <summary>
    /// What a table holds for an unknown colour when such a colour is an error: a value that no pixel may have.
    /// </summary>
    internal byte UnknownMarker => IgnoreIndex == 255 ? (byte)254 : (byte)255;

    /// <summary>What <see cref="BuildTable"/> gives, made once for this palette; not to be written to.</summary>
    internal byte[] HostTable => HostTables.GetValue(this, static palette => palette.BuildTable());

    /// <summary>The class index of each of the 256^3 colours, at <see cref="RgbColor.TableIndex"/>.</summary>
    internal byte[] BuildTable()
    {
        var table = new byte[1 << 24];
        Array.Fill(table, ValueOfUnknown);
        foreach (var color in IgnoreColors)
            table[color.TableIndex] = IgnoreIndex;
        foreach (var (color, index) in FurtherColors)
            table[color.TableIndex] = (byte)index;
        for (var index = 0; index < Colors.Length; index++)
            table[Colors[index].TableIndex] = (byte)index;
        return table;
    }

    /// <summary>The class index of a number in a label file, or what stands for an unknown one.</summary>
    internal byte ClassOfIndex(int index)
    {
        if (IndexMap is { } map)
        {
            return map.TargetOf(index) switch
            {
                IndexMap.Ignore => IgnoreIndex,
                IndexMap.Unnamed => ValueOfUnknown,
                var target => (byte)target,
            };
        }
        if (index < ClassCount)
            return (byte)index;
        return MayIgnore && (index == byte.MaxValue || index == IgnoreIndex) ? IgnoreIndex : ValueOfUnknown;
    }

    /// <summary>
    /// Whether a pixel can be ignored at all. A palette that takes unknown values for background, and names no colour
    /// or value to ignore, ignores nothing.
    /// </summary>
    internal bool MayIgnore =>
        UnknownColor != UnknownColor.Background || !IgnoreColors.IsEmpty
        || (IndexMap is { } map && map.Ranges.Any(range => range.ClassIndex == IndexMap.Ignore));

    /// <summary>Whether black and white both stand for classes.</summary>
    internal bool HasBlackAndWhite => ClassOf(new(0, 0, 0)) >= 0 && ClassOf(new(255, 255, 255)) >= 0;

    /// <summary>
    /// A colour for every class index that decoding gives, as <see cref="RgbColor.TableIndex"/>, which the lookup on
    /// the device takes back to it.
    /// </summary>
    internal int[] ColorOfClass => ClassColors.GetValue(this, static palette =>
    {
        var colors = new int[256];
        Array.Fill(colors, palette.IgnoreMarker.TableIndex);
        for (var index = 0; index < palette.ClassCount; index++)
            colors[index] = palette.Colors[index].TableIndex;
        return colors;
    });

    /// <summary>
    /// A colour that means "ignore" to the lookup on the device: the first that does, or one of no class.
    /// </summary>
    internal RgbColor IgnoreMarker
    {
        get
        {
            if (!IgnoreColors.IsEmpty)
                return IgnoreColors[0];
            var marker = new RgbColor(1, 254, 3);
            while (ClassOf(marker) >= 0)
                marker = RgbColor.FromTableIndex(marker.TableIndex + 1);
            return marker;
        }
    }

    internal byte ValueOfUnknown => UnknownColor switch
    {
        UnknownColor.Background => 0,
        UnknownColor.Error => UnknownMarker,
        _ => IgnoreIndex,
    };
}
