using System.Globalization;
using VocSeg.Torch;

namespace Download;

/// <summary>Progress in words.</summary>
internal static class ProgressText
{
    internal static string Of(VocArchiveProgress progress)
    {
        var stage = progress.Stage.ToString().ToLowerInvariant();
        if (progress.Note is { } note)
            return $"{stage}: {progress.Source}: {note}";
        var text = string.Create(CultureInfo.InvariantCulture, $"{stage} {progress.DoneBytes / 1e6:F1}");
        if (progress.TotalBytes is { } total)
            text += string.Create(CultureInfo.InvariantCulture, $" of {total / 1e6:F1}");
        text += " MB";
        if (progress.BytesPerSecond > 0)
            text += string.Create(CultureInfo.InvariantCulture, $", {progress.BytesPerSecond / 1e6:F1} MB/s");
        if (progress.TimeLeft is { } left)
            text += $", {(long)left.TotalHours}:{left.Minutes:00}:{left.Seconds:00} left";
        return text;
    }
}
