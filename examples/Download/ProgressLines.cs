using System.Diagnostics;
using VocSeg.Torch;

namespace Download;

/// <summary>Plain lines, for a file or a pipe: at a stage's start and end, at each tenth, and for trouble.</summary>
internal sealed class ProgressLines(TextWriter output) : IProgress<VocArchiveProgress>
{
    private static readonly TimeSpan AtLeastEvery = TimeSpan.FromSeconds(30);
    private (VocArchiveStage Stage, long Tenth, string? Note) last = ((VocArchiveStage)(-1), 0, null);
    private long told;

    public void Report(VocArchiveProgress value)
    {
        if (value.Stage == VocArchiveStage.Finished)
            return;
        var tenth = value.TotalBytes is > 0 and var total ? value.DoneBytes * 10 / total : 0;
        var now = (value.Stage, tenth, value.Note);
        if (now == last && Stopwatch.GetElapsedTime(told) < AtLeastEvery)
            return;
        (last, told) = (now, Stopwatch.GetTimestamp());
        output.WriteLine(ProgressText.Of(value));
    }
}
