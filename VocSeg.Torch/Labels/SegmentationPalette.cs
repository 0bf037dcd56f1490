using System.Collections.Immutable;

namespace VocSeg.Torch;

/// <summary>
/// The classes of a segmentation data set: which colour or number of a label image stands for which class,
/// which stands for "ignore", and what an unknown one becomes. Immutable; two palettes with the same
/// content are equal.
/// </summary>
/// <remarks>
/// Set <c>IndexMap = null</c> before <c>LabelEncoding = LabelEncoding.Colors</c> where a palette with a map is changed
/// by <c>with</c>: its parts are checked in the order in which they are written.
/// </remarks>
public sealed partial record SegmentationPalette
{
    /// <summary>
    /// The largest number of classes: two of the 256 values of a byte are kept for "ignore" and "unknown".
    /// </summary>
    public const int MaxClasses = 254;

    /// <summary>A palette of one's own.</summary>
    /// <param name="colors">
    /// The colour of every class, in the order of the class indices; 1 to 254 colours, all different.
    /// </param>
    /// <param name="classNames">The name of every class, as many as colours, all different and none blank.</param>
    /// <exception cref="ArgumentException">
    /// Too few or too many colours, a colour or a name twice, a blank name, or not one name a colour.
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
        RequireNames(ClassNames, nameof(classNames));
    }

    /// <summary>The colour of every class; the position is the class index.</summary>
    public ImmutableArray<RgbColor> Colors { get; }

    /// <summary>The name of every class; the position is the class index.</summary>
    public ImmutableArray<string> ClassNames { get; }

    /// <summary>How many classes there are.</summary>
    public int ClassCount => Colors.Length;

    /// <summary>
    /// Colours that become <see cref="IgnoreIndex"/> whatever <see cref="UnknownColor"/> says. None by default.
    /// </summary>
    /// <exception cref="ArgumentException">One of them is a colour of a class.</exception>
    public ImmutableArray<RgbColor> IgnoreColors
    {
        get;
        init
        {
            var ignored = value.IsDefault ? [] : value;
            foreach (var color in ignored)
                RequireNotIgnored(color, ClassOf(color), nameof(IgnoreColors));
            field = ignored;
        }
    } = [];

    /// <summary>
    /// Further colours of classes, where several colours of the label files stand for one class: each with the class
    /// index that it becomes. <see cref="Colors"/> holds the one that the class is shown in. None by default.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A colour twice, or one that a class has already or that is ignored, or no class of that index.
    /// </exception>
    public ImmutableArray<(RgbColor Color, int ClassIndex)> FurtherColors
    {
        get;
        init
        {
            var further = value.IsDefault ? [] : value;
            foreach (var (color, index) in further)
            {
                if (index < 0 || index >= ClassCount)
                {
                    throw new ArgumentException(
                        $"The colour {color} is given to class {index}; the palette has the classes 0 to "
                        + $"{ClassCount - 1}.",
                        nameof(FurtherColors));
                }
                if (IgnoreColors.Contains(color))
                    RequireNotIgnored(color, index, nameof(FurtherColors));
            }
            if (FirstRepeated([.. Colors, .. further.Select(pair => pair.Color)]) is { } repeated)
            {
                throw new ArgumentException(
                    $"The colour {repeated} stands for a class twice; take it out of one of its places.",
                    nameof(FurtherColors));
            }
            field = further;
        }
    } = [];

    /// <summary>
    /// The class index of pixels that the loss leaves out: <see cref="ClassCount"/> to 255, by default 255. Several
    /// colours, and several values of an <see cref="IndexMap"/>, may become it.
    /// </summary>
    /// <remarks>
    /// Labels are kept as bytes up to the batch, so that -100, where TorchSharp's <c>cross_entropy</c> stands by
    /// default, and -1 are not possible: pass <c>ignore_index: palette.IgnoreIndex</c> to the loss.
    /// </remarks>
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
    /// <exception cref="ArgumentException">Colours, beside an <see cref="IndexMap"/>.</exception>
    public LabelEncoding LabelEncoding
    {
        get;
        init
        {
            RequireIndices(value, IndexMap, nameof(LabelEncoding));
            field = NamedValue.Require(value, nameof(LabelEncoding));
        }
    }

    /// <summary>
    /// What the numbers in label files mean, where they are not the class indices themselves; null, the default, where
    /// they are. It holds wherever a file is read by index: with <see cref="LabelEncoding.Indices"/> for every file,
    /// with <see cref="LabelEncoding.Auto"/> for 8-bit gray, which then is never taken for black and white.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// It leads to a class that the palette does not have, or the labels hold <see cref="LabelEncoding.Colors"/>.
    /// </exception>
    public IndexMap? IndexMap
    {
        get;
        init
        {
            RequireIndices(LabelEncoding, value, nameof(IndexMap));
            foreach (var (first, _, index) in value?.Ranges ?? [])
            {
                if (index >= ClassCount)
                {
                    throw new ArgumentException(
                        $"The value {first} becomes class {index}; the palette has the classes 0 to "
                        + $"{ClassCount - 1}.",
                        nameof(IndexMap));
                }
            }
            field = value;
        }
    }

    /// <summary>
    /// What a colour or index becomes that is neither a class nor ignored. By default it is an error.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not one of the named values.</exception>
    public UnknownColor UnknownColor
    {
        get;
        init => field = NamedValue.Require(value, nameof(UnknownColor));
    }

    /// <summary>The class index of a colour, ignore index included.</summary>
    /// <param name="color">A colour of a label image.</param>
    /// <param name="classIndex">
    /// The class index, or <see cref="IgnoreIndex"/>; where false is returned, a value that is neither.
    /// </param>
    /// <returns>False where the colour is unknown and unknown colours are errors.</returns>
    public bool TryGetClassIndex(RgbColor color, out byte classIndex)
    {
        var known = ClassOf(color);
        classIndex = known >= 0 ? (byte)known : IgnoreColors.Contains(color) ? IgnoreIndex : ValueOfUnknown;
        return known >= 0 || IgnoreColors.Contains(color) || UnknownColor != UnknownColor.Error;
    }

    /// <summary>Whether two palettes have the same content.</summary>
    /// <param name="other">The other palette.</param>
    public bool Equals(SegmentationPalette? other) =>
        other is not null && IgnoreIndex == other.IgnoreIndex && UnknownColor == other.UnknownColor
        && LabelEncoding == other.LabelEncoding && Equals(IndexMap, other.IndexMap)
        && Colors.SequenceEqual(other.Colors) && ClassNames.SequenceEqual(other.ClassNames, StringComparer.Ordinal)
        && IgnoreColors.SequenceEqual(other.IgnoreColors) && FurtherColors.SequenceEqual(other.FurtherColors);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(IgnoreIndex);
        hash.Add(UnknownColor);
        hash.Add(LabelEncoding);
        hash.Add(IndexMap);
        foreach (var color in Colors)
            hash.Add(color);
        return hash.ToHashCode();
    }

    /// <summary>The class of a colour; negative where it has none.</summary>
    private int ClassOf(RgbColor color)
    {
        var index = Colors.IndexOf(color);
        for (var at = 0; index < 0 && at < FurtherColors.Length; at++)
            index = FurtherColors[at].Color == color ? FurtherColors[at].ClassIndex : index;
        return index;
    }
}
