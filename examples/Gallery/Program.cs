using Gallery;
using VocSeg.Torch;

const int Failed = 1, WrongUse = 2, Interrupted = 130;

var parsed = Settings.Command(Run).Parse(args);
if (parsed.Errors.Count > 0)
    return Refuse(parsed.Errors[0].Message, WrongUse);
return await parsed.InvokeAsync();

static int Run(Settings settings, CancellationToken cancellation)
{
    VocSegDataset dataset;
    try
    {
        var catalog = SampleCatalog.FromVoc(settings.Root, settings.Split, new() { LabelFolder = settings.Labels }, cancellationToken: cancellation);
        dataset = new(catalog, new() { Crop = settings.Crop, Seed = settings.Seed });
    }
    catch (DatasetException error)
    {
        return Refuse(error.Message, WrongUse);
    }
    catch (OperationCanceledException)
    {
        return Interrupted;
    }

    using (dataset)
    {
        try
        {
            var items = Read(dataset, settings.Count, cancellation);
            Console.WriteLine($"{settings.Split}: {items.Count} of {dataset.Count} examples");
            Directory.CreateDirectory(Path.GetDirectoryName(settings.Page)!);
            GalleryPage.Write(settings.Page, items, dataset.Options.Palette, $"{Path.GetFileNameWithoutExtension(settings.Split)}: samples and windows");
            Console.WriteLine($"page {settings.Page}");
            PngGrid.Write(settings.Grid, items, dataset.Options.Palette);
            Console.WriteLine($"grid {settings.Grid}");
            return 0;
        }
        catch (Exception error) when (error is DatasetException or IOException or UnauthorizedAccessException)
        {
            return Refuse(error.Message, Failed);
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
    }
}

static List<GalleryItem> Read(VocSegDataset dataset, int count, CancellationToken cancellation)
{
    var items = new List<GalleryItem>();
    for (var index = 0; index < Math.Min(count, dataset.Count); index++)
    {
        cancellation.ThrowIfCancellationRequested();
        var sample = dataset.Samples[index];
        items.Add(new(sample.Id, sample.ReadImage(), sample.Size.Height, sample.Size.Width)
        {
            Label = sample.ReadClassIndex(dataset.Options.Palette),
            Window = new(dataset.CropOf(index, epoch: 0), dataset.Options.Crop),
        });
    }
    return items;
}

static int Refuse(string message, int exitCode)
{
    Console.Error.WriteLine(message.ReplaceLineEndings(" "));
    return exitCode;
}
