namespace VocSeg.Torch;

/// <summary>Options that are one of an enumeration's values.</summary>
internal static class NamedValue
{
    /// <summary>The value of an option.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none of the named ones.</exception>
    internal static T Require<T>(T value, string option)
        where T : struct, Enum
    {
        if (Enum.IsDefined(value))
            return value;
        var names = Enum.GetNames<T>();
        throw new ArgumentOutOfRangeException(
            option, $"{value} is none of {string.Join(", ", names[..^1])} and {names[^1]}.");
    }
}
