using Gallery;
using TorchSharp;
using VocSeg.Torch;

namespace FcnTraining;

/// <summary>Writes class-colour masks and shows them.</summary>
internal static class Prediction
{
    /// <summary>Masks of everything that <c>--predict</c> names, and their gallery.</summary>
    internal static int Run(Settings settings, CancellationToken cancellation)
    {
        var checkpoint = File.Exists(settings.BestCheckpoint) ? settings.BestCheckpoint : settings.LastCheckpoint;
        using var model = new Fcn(Checkpoint.Read(checkpoint).Shape);
        Checkpoint.Restore(checkpoint, model);
        model.to(torch.device(settings.Device));
        var samples = Find(settings);
        Console.WriteLine($"{samples.Count} photos, {model.Shape}, from {checkpoint}");
        var gallery = Write(settings, model, samples, cancellation);
        Console.WriteLine($"masks in {Folder(settings)}");
        if (gallery is not null)
            Console.WriteLine($"gallery: {gallery}");
        return 0;
    }

    /// <summary>Masks of samples and a gallery of the first of them; those of a split have a label to compare with.</summary>
    /// <returns>The path of the gallery; null where none is wanted.</returns>
    internal static string? Write(Settings settings, Fcn model, IEnumerable<(string Image, SegmentationSample? Sample)> samples, CancellationToken cancellation)
    {
        var folder = Directory.CreateDirectory(Folder(settings)).FullName;
        var predictor = new Predictor(model, torch.device(settings.Device), new VocSegDatasetOptions().Normalization);
        var items = new List<GalleryItem>();
        foreach (var (image, sample) in samples)
        {
            cancellation.ThrowIfCancellationRequested();
            var id = Path.GetFileNameWithoutExtension(image);
            var (rgba, height, width) = PictureFile.ReadRgba(image);
            var classes = predictor.Classes(rgba, height, width);
            PictureFile.WriteClassColors(Path.Combine(folder, id + ".png"), classes, height, width, settings.Palette);
            // Pictures stay in memory until the page is written, so not those of a whole split.
            if (items.Count == settings.Gallery)
                continue;
            items.Add(new(id, rgba, height, width)
            {
                Label = sample?.ReadClassIndex(settings.Palette),
                Prediction = classes,
            });
        }
        if (items.Count == 0)
            return null;
        var page = Path.Combine(folder, "gallery.html");
        GalleryPage.Write(page, items, settings.Palette, "What the network sees");
        return page;
    }

    /// <exception cref="DatasetException">There is nothing of that name.</exception>
    private static List<(string Image, SegmentationSample? Sample)> Find(Settings settings)
    {
        var what = settings.Predict!;
        if (Directory.Exists(what))
        {
            var photos = Directory.EnumerateFiles(what).Where(IsPhoto).Order(StringComparer.Ordinal).Select(path => (path, (SegmentationSample?)null)).ToList();
            if (photos.Count == 0)
                throw new DatasetException(what, "there are no .jpg, .jpeg or .png files here; name a folder of photos, a photo or a split.");
            if (photos.CountBy(photo => Path.GetFileNameWithoutExtension(photo.path)).FirstOrDefault(name => name.Value > 1) is { Key: { } twice })
                throw new DatasetException(what, $"two photos are called {twice}, and their masks would be one file; give one of them another name.");
            return photos;
        }
        if (File.Exists(what) && IsPhoto(what))
            return [(what, null)];
        return [.. SampleCatalog.FromVoc(settings.Root, what, new() { LabelFolder = settings.Labels }).Samples.Select(sample => (sample.ImagePath, (SegmentationSample?)sample))];
    }

    private static string Folder(Settings settings) => Path.Combine(settings.Out, "predictions");

    private static bool IsPhoto(string path) => Path.GetExtension(path).ToLowerInvariant() is ".jpg" or ".jpeg" or ".png";
}
