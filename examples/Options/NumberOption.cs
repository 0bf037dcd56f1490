using System.CommandLine;
using System.Globalization;

namespace Options;

/// <summary>An option that takes a whole number.</summary>
internal static class NumberOption
{
    /// <param name="name">The option, such as <c>--workers</c>.</param>
    /// <param name="description">What the help says.</param>
    /// <param name="standard">What it is where it is not given; null for nothing.</param>
    /// <param name="atLeast">The smallest number that it may be.</param>
    internal static Option<int?> Create(string name, string description, int? standard = null, int atLeast = 1)
    {
        var option = new Option<int?>(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result =>
            {
                if (int.TryParse(result.Given(), CultureInfo.InvariantCulture, out var value) && value >= atLeast)
                    return value;
                result.AddError($"{name} is a whole number of at least {atLeast}; '{result.Given()}' was given.");
                return null;
            },
        };
        if (standard is not null)
            option.DefaultValueFactory = _ => standard;
        return option;
    }
}
