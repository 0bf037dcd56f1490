using System.CommandLine;

namespace Options;

/// <summary>An option that takes one of the names of an enumeration, in small letters.</summary>
internal static class ChoiceOption
{
    /// <param name="name">The option, such as <c>--cache</c>.</param>
    /// <param name="description">What the help says; the names stand beside it.</param>
    internal static Option<T?> Create<T>(string name, string description)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(value => value.ToLowerInvariant()).ToArray();
        return new(name)
        {
            Description = description,
            HelpName = string.Join('|', names),
            CustomParser = result =>
            {
                if (names.Contains(result.Given(), StringComparer.Ordinal))
                    return Enum.Parse<T>(result.Given(), ignoreCase: true);
                result.AddError($"{name} is {string.Join(", ", names[..^1])} or {names[^1]}; '{result.Given()}' was given.");
                return null;
            },
        };
    }
}
