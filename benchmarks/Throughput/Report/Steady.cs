namespace Throughput.Report;

/// <summary>What <see cref="Loaders.Steadiness"/> found, uncached and from the host cache; null where it did not run.</summary>
internal sealed record Steady(Measurement? Uncached, Measurement? HostCache)
{
    // Twenty epochs, on whatever machine.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    internal static Steady Measure(string root, bool quick) => new(Run(root, "none"), quick ? null : Run(root, "host"));

    private static Measurement Run(string root, string cache) => Measurement.Run($"steadiness, cache {cache}", Patience, "steadiness", "--root", root, "--cache", cache);
}
