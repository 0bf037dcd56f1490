namespace Throughput;

/// <summary>Where the sources are, in the repository or in a pack of <c>eng/gpu-smoke.sh</c>: peers and limits are run from them.</summary>
internal static class Repository
{
    internal static string Folder { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, "benchmarks", "peers")))
                return folder.FullName;
        }
        throw new InvalidOperationException("The benchmarks run from within the repository, or a pack of eng/gpu-smoke.sh, only.");
    }
}
