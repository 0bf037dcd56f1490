using System.CommandLine;
using System.CommandLine.Parsing;
using VocSeg.Torch;

namespace Gallery;

/// <summary>What the command line asks for.</summary>
internal sealed record Settings(string Root, string Split, int Count, CropSize Crop, long? Seed, string Page)
{
    /// <summary>The picture beside the page.</summary>
    internal string Grid => Path.ChangeExtension(Page, ".png");

    /// <summary>The command line; <paramref name="run"/> is called with what it says.</summary>
    internal static RootCommand Command(Func<Settings, CancellationToken, int> run)
    {
        var root = new Option<string>("--root")
        {
            Description = "The VOC2012 folder, the VOCdevkit folder that holds it, or the folder that holds VOCdevkit.",
            HelpName = "DIR",
            Required = true,
        };
        var split = new Option<string>("--split")
        {
            Description = "train, val, trainval, another list in ImageSets/Segmentation, or the path of a list file.",
            HelpName = "NAME",
            DefaultValueFactory = _ => "train",
        };
        var count = new Option<int>("--count")
        {
            Description = "Samples to show, the first of the list that are large enough for the crop.",
            HelpName = "N",
            DefaultValueFactory = _ => 12,
        };
        count.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var value) && value < 1)
                result.AddError($"--count is at least 1; {value} was given.");
        });
        var crop = new Option<CropSize>("--crop")
        {
            Description = "Height and width of the window that training cuts.",
            HelpName = "HxW",
            CustomParser = ParseCrop,
            DefaultValueFactory = _ => new CropSize(320, 480),
        };
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
            root, split, count, crop, seed, page,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() => run(
            new(
                parsed.GetRequiredValue(root),
                parsed.GetRequiredValue(split),
                parsed.GetRequiredValue(count),
                parsed.GetRequiredValue(crop),
                parsed.GetValue(seed),
                Path.GetFullPath(parsed.GetRequiredValue(page))),
            cancellation)));
        return command;
    }

    private static CropSize ParseCrop(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (!CropSize.TryParse(text, out var size))
            result.AddError($"--crop is a height and a width such as 320x480; '{text}' was given.");
        return size;
    }
}
