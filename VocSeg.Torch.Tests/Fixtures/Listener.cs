namespace VocSeg.Torch.Tests;

/// <summary>Keeps all reports, from whichever threads, and may act on each.</summary>
internal class Listener<T>(Action<T>? then = null) : IProgress<T>
{
    internal List<T> Reports { get; } = [];

    public void Report(T value)
    {
        lock (Reports)
            Reports.Add(value);
        then?.Invoke(value);
    }
}

/// <summary>A listener to a download.</summary>
internal sealed class Listener(Action<VocArchiveProgress>? then = null) : Listener<VocArchiveProgress>(then);
