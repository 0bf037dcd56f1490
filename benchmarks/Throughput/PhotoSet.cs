using SyntheticVoc;

namespace Throughput;

/// <summary>How finely the photos of a set keep colour.</summary>
internal enum PhotoSet
{
    Chroma420,
    Chroma444,
}

internal static class PhotoSets
{
    internal static string Title(this PhotoSet set) => set == PhotoSet.Chroma420 ? "4:2:0 photos" : "4:4:4 photos";

    /// <summary>Writes the set, where it does not stand yet.</summary>
    /// <returns>Its VOC folder.</returns>
    internal static string Generate(this PhotoSet set, int images, string suffix = "")
    {
        var options = new SyntheticVocOptions
        {
            Train = images,
            Val = 0,
            Subsampling = set == PhotoSet.Chroma420 ? ChromaSubsampling.Chroma420 : ChromaSubsampling.Chroma444,
        };
        var folder = (set == PhotoSet.Chroma420 ? "voc-420" : "voc-444") + suffix;
        Console.WriteLine($"{set.Title()}: {images} images in data/bench/{folder}");
        return SyntheticVocGenerator.Generate(Path.Combine(Repository.Folder, "data", "bench", folder), options);
    }
}
