using System.CommandLine;
using Options;
using VocSeg.Torch;

namespace Gallery;

/// <summary>What the command line asks for.</summary>
internal sealed record Settings(string Root, string Split, string Labels, int Count, ImageSize Crop, long? Seed, string Page)
{
    /// <summary>The picture beside the page.</summary>
    internal string Grid => Path.ChangeExtension(Page, ".png");

    /// <summary>The command line; <paramref name="run"/> is called with what it says.</summary>
    internal static RootCommand Command(Func<Settings, CancellationToken, int> run)
    {
        var root = DataSetOptions.Root();
        var split = DataSetOptions.Split();
        var labels = DataSetOptions.Labels();
        var count = NumberOption.Create("--count", "Samples to show, the first of the list that are large enough for the crop.", 12);
        var crop = CropOption.Create();
        var seed = new Option<long?>("--seed") { Description = "What the windows are drawn from; without it they differ from run to run.", HelpName = "N" };
        var page = new Option<string>("--out")
        {
            Description = "The page to write; the grid is written beside it with the ending .png.",
            HelpName = "FILE.html",
            DefaultValueFactory = _ => "gallery.html",
        };
        page.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && Path.GetExtension(token.Value).ToLowerInvariant() is not (".html" or ".htm"))
                result.AddError($"--out is a file that ends in .html; '{token.Value}' was given.");
        });

        var command = new RootCommand("Shows samples of a VOC-shaped data set: image, label and overlay, and the window that training cuts.")
        {
            root, split, labels, count, crop, seed, page,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() => run(
            new(
                parsed.GetRequiredValue(root),
                parsed.GetRequiredValue(split),
                parsed.GetRequiredValue(labels),
                parsed.GetValue(count)!.Value,
                parsed.GetRequiredValue(crop),
                parsed.GetValue(seed),
                Path.GetFullPath(parsed.GetRequiredValue(page))),
            cancellation)));
        return command;
    }
}
