using System.Collections.Immutable;

namespace VocSeg.Torch;

public sealed partial record SegmentationPalette
{
    private static void RequireNotIgnored(RgbColor color, int index, string parameter)
    {
        if (index >= 0)
        {
            throw new ArgumentException(
                $"The colour {color} is class {index} and cannot be ignored too; take it out of one of the two.",
                parameter);
        }
    }

    private static void RequireIndices(LabelEncoding encoding, IndexMap? map, string parameter)
    {
        if (encoding == LabelEncoding.Colors && map is not null)
        {
            throw new ArgumentException(
                "An index map says what numbers mean, and labels of colours have none; set IndexMap = null, or "
                + "set LabelEncoding = LabelEncoding.Indices before the map.",
                parameter);
        }
    }

    private static void RequireNames(ImmutableArray<string> names, string parameter)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < names.Length; index++)
        {
            if (string.IsNullOrWhiteSpace(names[index]))
                throw new ArgumentException($"Class {index} has no name; give it one.", parameter);
            if (!seen.Add(names[index]))
            {
                throw new ArgumentException(
                    $"Two classes are called '{names[index]}'; give every class a name of its own.", parameter);
            }
        }
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
