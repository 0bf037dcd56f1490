namespace Throughput;

/// <summary>Where the sources are: peers and limits are run from them.</summary>
internal static class Repository
{
    internal static string Folder { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "VocSeg.Torch.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException("The benchmarks run from within the repository only.");
    }
}
