namespace Throughput.Contest;

/// <summary>A contestant cannot go on.</summary>
internal sealed class ContestantException(string message) : Exception(message);
