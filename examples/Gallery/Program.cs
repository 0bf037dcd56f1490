using Gallery;
using Options;
using SkiaSharp;
using VocSeg.Torch;

// The exit code is 2 where there is nothing to show, and 1 where it cannot be shown.
const int Draws = 8;
var begun = false;
return await new SettingsCommand<Settings>("Shows samples, labels and crops.", _ => new())
    .RunAsync(args, Show, errorCode: () => begun ? 1 : 2);

int Show(Settings settings, CancellationToken stop)
{
    var (palette, size, path) = (settings.Palette, settings.Crop, Path.GetFullPath(settings.Out));
    var catalog = settings.Open(settings.Split, stop);
    // Only a plain crop leaves out samples that are smaller; the other lists pad them.
    var isPlain = settings.Augment == Augmentation.None;
    SegmentationSample[] samples = [.. catalog.Samples.Where(sample => !isPlain || sample.Size.Holds(size))];
    if (samples.Length == 0)
        throw new DatasetException(catalog.ListFile, $"no sample is as large as {size}; take a smaller crop.");

    begun = true;
    var (items, strip) = (new List<GalleryItem>(), new List<GalleryItem>());
    var seed = settings.Seed ?? Random.Shared.NextInt64();
    TransformedSample Read(int index, int epoch) =>
        TransformedSample.Read(samples[index], settings.Augment.For(size), seed, epoch, index, palette);
    for (var index = 0; index < Math.Min(settings.Count, samples.Length); index++)
    {
        stop.ThrowIfCancellationRequested();
        var sample = samples[index];
        var place = Read(index, epoch: 0).Geometry;
        var (one, other) = (place.ToSource(0, 0), place.ToSource(size.Height, size.Width));
        var crop = new SKRect((float)one.Column, (float)one.Row, (float)other.Column, (float)other.Row).Standardized;
        items.Add(new(sample.Id, sample.ReadImage(), sample.Size.Height, sample.Size.Width)
        {
            Label = sample.LabelPath is null ? null : sample.ReadClassIndex(palette),
            Crop = SKRectI.Intersect(SKRectI.Round(crop), SKRectI.Create(sample.Size.Width, sample.Size.Height)),
        });
    }
    for (var epoch = 0; epoch < Draws && settings.Strip is not null; epoch++)
    {
        var drawn = Read(0, epoch);
        strip.Add(new($"draw {epoch + 1}", drawn.Rgba, drawn.Geometry.Output.Height, drawn.Geometry.Output.Width)
        {
            Label = samples[0].LabelPath is null ? null : drawn.ClassIndex,
        });
    }
    Console.WriteLine($"{settings.Split}: {items.Count} of {samples.Length} examples");
    var title = $"{Path.GetFileNameWithoutExtension(settings.Split)}: samples and crops";
    GalleryPage.Write(path, items, palette, title, strip);
    Console.WriteLine($"page {path}");
    path = Path.ChangeExtension(path, ".png");
    PngGrid.Write(path, items, palette);
    Console.WriteLine($"grid {path}");
    if (settings.Strip is null)
        return 0;
    path = Path.GetFullPath(settings.Strip);
    PngStrip.Write(path, strip, palette);
    Console.WriteLine($"strip {path}");
    return 0;
}
