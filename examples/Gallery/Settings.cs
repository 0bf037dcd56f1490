using Options;

namespace Gallery;

/// <summary>What the command line asks for.</summary>
internal sealed record Settings(
    [property: Setting("--split NAME", "train, val, another list in ImageSets/Segmentation, or a list file's path.")]
    string Split = "train",
    [property: Setting("--count N", "Samples to show, the first of those that are large enough for the crop.")]
    int Count = 12,
    [property: Setting("--out FILE.html", "The page; the grid is written beside it as .png.")]
    string Out = "gallery.html",
    [property: Setting("--strip FILE.png", "The first sample under eight draws: in this file, and on the page.")]
    string? Strip = null)
    : SampleSettings
{
    public override string? Fault => base.Fault
        ?? Required("--out", Out, ".html", ".htm") ?? Required("--strip", Strip, ".png");

    private static string? Required(string option, string? path, params string[] endings) =>
        path is null || endings.Contains(Path.GetExtension(path).ToLowerInvariant())
            ? null
            : $"{option} is a file that ends in {endings[0]}; '{path}' was given.";
}
