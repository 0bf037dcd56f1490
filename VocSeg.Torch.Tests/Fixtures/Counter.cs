namespace VocSeg.Torch.Tests;

/// <summary>Keeps what is reported, from however many threads.</summary>
internal sealed class Counter : IProgress<(int Done, int Total)>
{
    internal List<(int Done, int Total)> Reports { get; } = [];

    public void Report((int Done, int Total) value)
    {
        lock (Reports)
            Reports.Add(value);
    }
}
