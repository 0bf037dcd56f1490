using System.CommandLine.Parsing;

namespace Options;

/// <summary>What stands behind an option on the command line.</summary>
internal static class GivenValue
{
    internal static string Given(this ArgumentResult result) => result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
}
