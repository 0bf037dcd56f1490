namespace Throughput.Contest;

/// <summary>One turn of one contestant.</summary>
internal sealed record Turn(double Images, double Seconds)
{
    internal double Rate => Images / Seconds;
}
