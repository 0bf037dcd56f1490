using System.CommandLine;
using Gallery;
using SkiaSharp;
using VocSeg.Torch;

const int Failed = 1, WrongUse = 2, Interrupted = 130;

var root = new Option<string>("--root") { HelpName = "DIR", Required = true };
root.Description = "The VOC2012 folder, the VOCdevkit folder that holds it, or the folder that holds VOCdevkit.";
var split = Optional("--split", "NAME", "A list in ImageSets/Segmentation, or the path of one.", "train");
var labels = Optional("--labels", "NAME", "The folder of the labels.", new SampleCatalogOptions().LabelFolder);
var count = Optional("--count", "N", "Samples to show, the first of those that are large enough for the crop.", 12);
var crop = Optional("--crop", "HxW", "Height and width of the crops; smaller samples are left out.", "320x480");
var seed = Optional<long?>("--seed", "N", "What the crops are drawn from; without it they differ between runs.", null);
var page = Optional("--out", "FILE.html", "The page; the grid is written beside it as .png.", "gallery.html");

var command = new RootCommand("Shows samples, labels and crops.") { root, split, labels, count, crop, seed, page };
command.SetAction((given, cancellation) => Task.Run(() => Show(given, cancellation)));
var parsed = command.Parse(args);
return parsed.Errors.Count > 0 ? Fail(parsed.Errors[0].Message, WrongUse) : await parsed.InvokeAsync();

int Show(ParseResult given, CancellationToken cancellation)
{
    if (!ImageSize.TryParse(given.GetValue(crop), out var size))
        return Fail($"--crop is a height and a width such as 320x480; '{given.GetValue(crop)}' was given.", WrongUse);
    if (given.GetValue(count) < 1)
        return Fail($"--count is a whole number of at least 1; '{given.GetValue(count)}' was given.", WrongUse);
    var path = Path.GetFullPath(given.GetRequiredValue(page));
    if (Path.GetExtension(path).ToLowerInvariant() is not (".html" or ".htm"))
        return Fail($"--out is a file that ends in .html; '{given.GetValue(page)}' was given.", WrongUse);

    var errorCode = WrongUse;
    try
    {
        var splitName = given.GetRequiredValue(split);
        var catalogOptions = new SampleCatalogOptions { LabelFolder = given.GetRequiredValue(labels) };
        var catalog = SampleCatalog.FromVoc(
            given.GetRequiredValue(root), splitName, catalogOptions, cancellationToken: cancellation);
        SegmentationSample[] samples = [.. catalog.Samples.Where(sample => sample.Size.Holds(size))];
        if (samples.Length == 0)
            throw new DatasetException(catalog.ListFile, $"no sample is as large as {size}; take a smaller crop.");

        errorCode = Failed;
        var items = new List<GalleryItem>();
        var cropSeed = given.GetValue(seed) ?? Random.Shared.NextInt64();
        foreach (var sample in samples.Take(given.GetValue(count)))
        {
            cancellation.ThrowIfCancellationRequested();
            // A data set counts only the samples that hold the crop, too.
            var place = SampleGeometry.Draw(sample, [new RandomCrop(size)], cropSeed, epoch: 0, items.Count);
            var (top, left) = ((int)place.ToSource(0, 0).Row, (int)place.ToSource(0, 0).Column);
            items.Add(new(sample.Id, sample.ReadImage(), sample.Size.Height, sample.Size.Width)
            {
                Label = sample.ReadClassIndex(),
                Crop = SKRectI.Create(left, top, size.Width, size.Height),
            });
        }
        Console.WriteLine($"{splitName}: {items.Count} of {samples.Length} examples");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var title = $"{Path.GetFileNameWithoutExtension(splitName)}: samples and crops";
        GalleryPage.Write(path, items, SegmentationPalette.Voc, title);
        Console.WriteLine($"page {path}");
        path = Path.ChangeExtension(path, ".png");
        PngGrid.Write(path, items, SegmentationPalette.Voc);
        Console.WriteLine($"grid {path}");
        return 0;
    }
    catch (Exception error) when (error is DatasetException or IOException or UnauthorizedAccessException)
    {
        return Fail(error.Message, errorCode);
    }
    catch (OperationCanceledException)
    {
        return Interrupted;
    }
}

static Option<T> Optional<T>(string name, string value, string description, T standard) =>
    new(name) { HelpName = value, Description = description, DefaultValueFactory = _ => standard };

static int Fail(string message, int exitCode)
{
    Console.Error.WriteLine(message.ReplaceLineEndings(" "));
    return exitCode;
}
