namespace Throughput;

/// <summary>What the command line asks for.</summary>
/// <param name="Rounds">Turns of every contestant.</param>
/// <param name="Seconds">The least time of a turn.</param>
/// <param name="Quick">Less of everything.</param>
/// <param name="Only">Names of contestants; null for all.</param>
/// <param name="Output">The results file; null for the usual one.</param>
/// <param name="Device">Where batches are made.</param>
internal sealed record BenchSettings(int Rounds, double Seconds, bool Quick, IReadOnlyList<string>? Only, string? Output, string Device)
{
    internal bool OnGpu => Device != "cpu";

    /// <summary>Where the results go; null for nowhere.</summary>
    internal string? ResultsFile(string name) =>
        Output ?? (Quick || Only is not null ? null : Path.Combine(Repository.Folder, "benchmarks", name));

    internal bool Wants(string contestant) => Only is null || Only.Contains(contestant, StringComparer.Ordinal);
}
