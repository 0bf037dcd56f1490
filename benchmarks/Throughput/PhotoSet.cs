namespace Throughput;

/// <summary>How finely the photos of a set keep colour.</summary>
internal enum PhotoSet
{
    Chroma420,
    Chroma444,
}

internal static class PhotoSetNames
{
    internal static string Title(this PhotoSet set) => set == PhotoSet.Chroma420 ? "4:2:0 photos" : "4:4:4 photos";

    internal static string Folder(this PhotoSet set) => set == PhotoSet.Chroma420 ? "voc-420" : "voc-444";
}
