using Spectre.Console;
using VocSeg.Torch;

namespace Download;

/// <summary>One bar, with rate and time left in front of it.</summary>
internal sealed class ProgressBar(ProgressTask bar) : IProgress<VocArchiveProgress>
{
    public void Report(VocArchiveProgress value)
    {
        bar.Description = Markup.Escape(ProgressText.Of(value));
        bar.IsIndeterminate = value.TotalBytes is null;
        bar.MaxValue = Math.Max(1, value.TotalBytes ?? 1);
        bar.Value = value.DoneBytes;
    }
}
