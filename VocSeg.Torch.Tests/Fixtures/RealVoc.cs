namespace VocSeg.Torch.Tests;

/// <summary>Real VOC photos, where a <c>shared</c> folder with some stands beside the repository.</summary>
internal static class RealVoc
{
    private static readonly string? Folder = Find();

    /// <summary>The VOC2012 folder; skips the test where there is none.</summary>
    internal static string Require()
    {
        Assert.SkipUnless(Folder is not null, "no real VOC photos: ../shared/voc-real/VOCdevkit/VOC2012 is not there");
        return Folder!;
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "voc-real", "VOCdevkit", "VOC2012");
            if (Directory.Exists(candidate))
                return candidate;
        }
        return null;
    }
}
