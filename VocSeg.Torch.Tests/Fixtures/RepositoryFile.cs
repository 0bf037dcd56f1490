namespace VocSeg.Torch.Tests;

/// <summary>Files of the repository that the tests run in.</summary>
internal static class RepositoryFile
{
    /// <summary>The path of a file, named from the repository's folder; tests that run elsewhere are skipped.</summary>
    internal static string Require(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, name);
            if (File.Exists(path))
                return path;
        }
        Assert.Skip($"{name} is not above the tests");
        return "";
    }
}
