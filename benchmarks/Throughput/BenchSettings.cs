namespace Throughput;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchSettings(int Rounds, double Seconds, bool Quick, IReadOnlyList<string>? Only, string? Output);
