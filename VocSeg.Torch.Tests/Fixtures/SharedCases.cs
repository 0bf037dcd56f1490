namespace VocSeg.Torch.Tests;

/// <summary>Inputs of bug reports, where a <c>shared</c> folder with some stands beside the repository.</summary>
internal static class SharedCases
{
    /// <summary>The files of a case; skips the test where there is none.</summary>
    internal static byte[][] Files(string name)
    {
        var folder = Find(name);
        Assert.SkipUnless(folder is not null, $"no such case: ../shared/cases/{name} is not there");
        return [.. Directory.EnumerateFiles(folder!).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
    }

    private static string? Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "cases", name);
            if (Directory.Exists(candidate))
                return candidate;
        }
        return null;
    }
}
