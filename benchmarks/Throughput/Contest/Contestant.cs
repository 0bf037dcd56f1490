namespace Throughput.Contest;

/// <summary>One that is measured: how it is started, and what it stands for in the table.</summary>
/// <param name="Name">For <c>--only</c>.</param>
/// <param name="Title">For the table.</param>
/// <param name="Role">What it is compared as.</param>
/// <param name="Command">Program and arguments, less those of the job.</param>
internal sealed record Contestant(string Name, string Title, Role Role, IReadOnlyList<string> Command)
{
    /// <summary>Added to the environment.</summary>
    internal IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Why it cannot run here, else null.</summary>
    internal string? Missing { get; init; }
}
