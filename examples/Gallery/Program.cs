using Gallery;
using Options;
using SkiaSharp;
using VocSeg.Torch;

// The exit code is 2 where there is nothing to show, and 1 where it cannot be shown.
var begun = false;
return await new SettingsCommand<Settings>("Shows samples, labels and crops.", _ => new())
    .RunAsync(args, Show, errorCode: () => begun ? 1 : 2);

int Show(Settings settings, CancellationToken stop)
{
    var (palette, size, path) = (settings.Palette, settings.Crop, Path.GetFullPath(settings.Out));
    var catalog = settings.Open(settings.Split, stop);
    SegmentationSample[] samples = [.. catalog.Samples.Where(sample => sample.Size.Holds(size))];
    if (samples.Length == 0)
        throw new DatasetException(catalog.ListFile, $"no sample is as large as {size}; take a smaller crop.");

    begun = true;
    var items = new List<GalleryItem>();
    var seed = settings.Seed ?? Random.Shared.NextInt64();
    foreach (var sample in samples.Take(settings.Count))
    {
        stop.ThrowIfCancellationRequested();
        // A data set counts only the samples that hold the crop, too.
        var place = SampleGeometry.Draw(sample, [new RandomCrop(size)], seed, epoch: 0, items.Count);
        var (top, left) = ((int)place.ToSource(0, 0).Row, (int)place.ToSource(0, 0).Column);
        items.Add(new(sample.Id, sample.ReadImage(), sample.Size.Height, sample.Size.Width)
        {
            Label = sample.LabelPath is null ? null : sample.ReadClassIndex(palette),
            Crop = SKRectI.Create(left, top, size.Width, size.Height),
        });
    }
    Console.WriteLine($"{settings.Split}: {items.Count} of {samples.Length} examples");
    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
    GalleryPage.Write(path, items, palette, $"{Path.GetFileNameWithoutExtension(settings.Split)}: samples and crops");
    Console.WriteLine($"page {path}");
    path = Path.ChangeExtension(path, ".png");
    PngGrid.Write(path, items, palette);
    Console.WriteLine($"grid {path}");
    return 0;
}
