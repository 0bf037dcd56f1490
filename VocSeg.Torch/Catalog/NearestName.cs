using System.Text;

namespace VocSeg.Torch;

/// <summary>Finds the name that was most likely meant by one that has no file.</summary>
internal static class NearestName
{
    /// <summary>
    /// A name without what is easily mistaken: its case, and which letters have accents. Unicode writes these as one
    /// character or as two, and runtimes in invariant mode cannot convert between the two forms.
    /// </summary>
    internal static string Likeness(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var letter in name)
        {
            var isMark = char.GetUnicodeCategory(letter) == System.Globalization.UnicodeCategory.NonSpacingMark;
            if (isMark && plain.Length > 0)
                plain.Length--;
            plain.Append(isMark || letter > 127 ? '?' : char.ToUpperInvariant(letter));
        }
        return plain.ToString();
    }

    /// <summary>What sets a name apart from another that is like it. Both are without their endings.</summary>
    internal static string Difference(string name, string like) =>
        name == like ? $"whose ending is none of {string.Join(" ", ImageHeader.Endings)}"
        : string.Equals(name, like, StringComparison.OrdinalIgnoreCase) ? "which differs in upper and lower case"
        : "which is written in another Unicode form";

    /// <summary>The name that shares most of its beginning and end with another; null where there is none.</summary>
    internal static string? Of(string wanted, IEnumerable<string> names)
    {
        var likeness = Likeness(wanted);
        return names.Order(StringComparer.Ordinal).MaxBy(name => Shared(likeness, Likeness(name)));
    }

    private static int Shared(string one, string other)
    {
        var shortest = Math.Min(one.Length, other.Length);
        int start = 0, end = 0;
        while (start < shortest && one[start] == other[start])
            start++;
        while (end < shortest - start && one[^(end + 1)] == other[^(end + 1)])
            end++;
        // What is left over tells names apart that share equally much.
        return 1000 * (start + end) - Math.Abs(one.Length - other.Length);
    }
}
