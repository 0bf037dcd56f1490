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

    internal static Contestant Own(string name, string title, Role role, params IEnumerable<string> arguments) =>
        new(name, title, role, [.. Toolchain.Self, .. arguments]);

    internal static Contestant Python(Toolchain tools, string name, string title, Role role, string script, params IEnumerable<string> arguments) =>
        new(name, title, role, [tools.Python ?? "", "-B", "-W", "ignore", Path.Combine(Repository.Folder, "benchmarks", "peers", script), .. arguments]) { Missing = tools.PythonMissing };

    internal static Contestant C(Toolchain tools, string name, string title, Role role, string program, params IEnumerable<string> arguments)
    {
        var (path, missing) = tools.Compiled(program);
        return new(name, title, role, [path, .. arguments]) { Missing = missing };
    }
}
