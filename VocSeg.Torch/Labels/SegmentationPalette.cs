using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace VocSeg.Torch;

/// <summary>
/// The colours of a segmentation data set: which colour of a label image stands for which class,
/// which stands for "ignore", and what an unknown colour becomes. Immutable; two palettes with the same
/// content are equal.
/// </summary>
public sealed record SegmentationPalette
{
    /// <summary>
    /// The largest number of classes: two of the 256 values of a byte are kept for "ignore" and "unknown".
    /// </summary>
    public const int MaxClasses = 254;

    // The tables stand beside the palettes, not in them: a changed copy of a palette must not take its table along.
    private static readonly ConditionalWeakTable<SegmentationPalette, byte[]> HostTables = [];
    private static readonly ConditionalWeakTable<SegmentationPalette, int[]> ClassColors = [];

    /// <summary>A palette of one's own.</summary>
    /// <param name="colors">
    /// The colour of every class, in the order of the class indices; 1 to 254 colours, all different.
    /// </param>
    /// <param name="classNames">The name of every class, as many as colours.</param>
    /// <exception cref="ArgumentException">
    /// Too few or too many colours, a colour twice, or not one name a colour.
    /// </exception>
    public SegmentationPalette(IEnumerable<RgbColor> colors, IEnumerable<string> classNames)
    {
        Colors = [.. colors];
        ClassNames = [.. classNames];
        if (Colors.Length is 0 or > MaxClasses)
        {
            throw new ArgumentException(
                $"A palette has 1 to {MaxClasses} colours; {Colors.Length} were given.", nameof(colors));
        }
        if (ClassNames.Length != Colors.Length)
        {
            throw new ArgumentException(
                $"{Colors.Length} colours need as many class names; {ClassNames.Length} were given.",
                nameof(classNames));
        }
        if (FirstRepeated(Colors) is { } repeated)
        {
            throw new ArgumentException(
                $"The colour {repeated} stands for two classes; give every class its own.", nameof(colors));
        }
    }

    /// <summary>
    /// The 21 classes of PASCAL VOC with their official colours. The border colour (224, 224, 192) becomes 255, and an
    /// unknown colour is an error (Everingham et al., "The PASCAL Visual Object Classes Challenge", IJCV 2010).
    /// </summary>
    public static SegmentationPalette Voc { get; } = VocColors.CreatePalette();

    /// <summary>
    /// <see cref="Voc"/> as the d2l.ai textbook reads it: border and unknown colours count as background, nothing is
    /// ignored.
    /// </summary>
    public static SegmentationPalette VocTextbook { get; } =
        Voc with { IgnoreColors = [], UnknownColor = UnknownColor.Background };

    /// <summary>The colour of every class; the position is the class index.</summary>
    public ImmutableArray<RgbColor> Colors { get; }

    /// <summary>The name of every class; the position is the class index.</summary>
    public ImmutableArray<string> ClassNames { get; }

    /// <summary>How many classes there are.</summary>
    public int ClassCount => Colors.Length;

    /// <summary>
    /// Colours that become <see cref="IgnoreIndex"/> whatever <see cref="UnknownColor"/> says. None by default.
    /// </summary>
    /// <exception cref="ArgumentException">One of them is a class colour.</exception>
    public ImmutableArray<RgbColor> IgnoreColors
    {
        get;
        init
        {
            var ignored = value.IsDefault ? [] : value;
            foreach (var color in ignored)
            {
                if (Colors.IndexOf(color) is >= 0 and var index)
                {
                    throw new ArgumentException(
                        $"The colour {color} is class {index} and cannot be ignored too; take it out of one of the "
                        + "two.",
                        nameof(IgnoreColors));
                }
            }
            field = ignored;
        }
    } = [];

    /// <summary>
    /// The class index of pixels that the loss leaves out: <see cref="ClassCount"/> to 255, by default 255.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is the index of a class.</exception>
    public byte IgnoreIndex
    {
        get;
        init
        {
            if (value < Colors.Length)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(IgnoreIndex),
                    $"The ignore index {value} is the class '{ClassNames[value]}'; take {Colors.Length} to 255.");
            }
            field = value;
        }
    } = 255;

    /// <summary>
    /// What the values of label files mean. By default what is certain, see <see cref="LabelEncoding.Auto"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not one of the named values.</exception>
    public LabelEncoding LabelEncoding
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(LabelEncoding), $"{value} is none of Auto, Colors and Indices.");
    }

    /// <summary>
    /// What a colour or index becomes that is neither a class nor ignored. By default it is an error.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not one of the named values.</exception>
    public UnknownColor UnknownColor
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(UnknownColor), $"{value} is none of Error, Ignore and Background.");
    }

    /// <summary>
    /// What a table holds for an unknown colour when such a colour is an error: a value that no pixel may have.
    /// </summary>
    internal byte UnknownMarker => IgnoreIndex == 255 ? (byte)254 : (byte)255;

    /// <summary>The class index of a colour, ignore index included.</summary>
    /// <param name="color">A colour of a label image.</param>
    /// <param name="classIndex">
    /// The class index, or <see cref="IgnoreIndex"/>; where false is returned, a value that is neither.
    /// </param>
    /// <returns>False where the colour is unknown and unknown colours are errors.</returns>
    public bool TryGetClassIndex(RgbColor color, out byte classIndex)
    {
        var known = Colors.IndexOf(color);
        classIndex = known >= 0 ? (byte)known : IgnoreColors.Contains(color) ? IgnoreIndex : ValueOfUnknown;
        return known >= 0 || IgnoreColors.Contains(color) || UnknownColor != UnknownColor.Error;
    }

    /// <summary>What <see cref="BuildTable"/> gives, made once for this palette; not to be written to.</summary>
    internal byte[] HostTable => HostTables.GetValue(this, static palette => palette.BuildTable());

    /// <summary>The class index of each of the 256^3 colours, at <see cref="RgbColor.TableIndex"/>.</summary>
    internal byte[] BuildTable()
    {
        var table = new byte[1 << 24];
        Array.Fill(table, ValueOfUnknown);
        foreach (var color in IgnoreColors)
            table[color.TableIndex] = IgnoreIndex;
        for (var index = 0; index < Colors.Length; index++)
            table[Colors[index].TableIndex] = (byte)index;
        return table;
    }

    /// <summary>The class index of a number in a label file, or what stands for an unknown one.</summary>
    internal byte ClassOfIndex(int index)
    {
        if (index < ClassCount)
            return (byte)index;
        // A palette that takes unknown values for background, and names no colour to ignore, ignores nothing.
        var ignores = UnknownColor != UnknownColor.Background || !IgnoreColors.IsEmpty;
        return ignores && (index == byte.MaxValue || index == IgnoreIndex) ? IgnoreIndex : ValueOfUnknown;
    }

    /// <summary>Whether black and white both stand for classes.</summary>
    internal bool HasBlackAndWhite => Colors.Contains(new(0, 0, 0)) && Colors.Contains(new(255, 255, 255));

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
            while (Colors.Contains(marker))
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

    /// <summary>Whether two palettes have the same content.</summary>
    /// <param name="other">The other palette.</param>
    public bool Equals(SegmentationPalette? other) =>
        other is not null && IgnoreIndex == other.IgnoreIndex && UnknownColor == other.UnknownColor
        && LabelEncoding == other.LabelEncoding
        && Colors.SequenceEqual(other.Colors) && ClassNames.SequenceEqual(other.ClassNames, StringComparer.Ordinal)
        && IgnoreColors.SequenceEqual(other.IgnoreColors);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(IgnoreIndex);
        hash.Add(UnknownColor);
        hash.Add(LabelEncoding);
        foreach (var color in Colors)
            hash.Add(color);
        return hash.ToHashCode();
    }

    private static RgbColor? FirstRepeated(ImmutableArray<RgbColor> colors)
    {
        var seen = new HashSet<RgbColor>();
        foreach (var color in colors)
        {
            if (!seen.Add(color))
                return color;
        }
        return null;
    }
}
