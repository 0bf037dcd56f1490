using Gallery;
using Options;
using SyntheticVoc;
using VocSeg.Torch;

namespace FcnTraining;

/// <summary>Writes a mask of every image, as VOC's labels are, and a gallery of the first ones.</summary>
internal static class Predictor
{
    /// <summary>What <c>--predict</c> means: an image, the images of a folder, or the samples of a split.</summary>
    internal static IReadOnlyList<(string Path, SegmentationSample? Sample)> Find(string what, Settings settings)
    {
        bool IsImage(string path) => Path.GetExtension(path).ToLowerInvariant() is ".jpg" or ".jpeg" or ".png";
        if (File.Exists(what) && IsImage(what))
            return [(what, null)];
        if (!Directory.Exists(what))
            return [.. WithLabels(SampleCatalog.FromVoc(settings.Root, what, settings.Files).Samples)];
        string[] images = [.. Directory.EnumerateFiles(what).Where(IsImage).Order()];
        if (images.Length == 0)
            throw new DatasetException(what, "there are no .jpg, .jpeg or .png files here; name a folder of images.");
        if (images.GroupBy(Path.GetFileNameWithoutExtension).FirstOrDefault(id => id.Count() > 1) is { Key: var id })
            throw new DatasetException(what, $"two images would have the mask {id}.png; rename one of them.");
        return [.. images.Select(path => (path, (SegmentationSample?)null))];
    }

    internal static IEnumerable<(string, SegmentationSample?)> WithLabels(IEnumerable<SegmentationSample> samples) =>
        samples.Select(sample => (sample.ImagePath, (SegmentationSample?)sample));

    // Every run has a folder of its own, named after the split, folder or image, with a number where that is taken.
    internal static void Draw(
        Fcn model, Settings settings, string what,
        IEnumerable<(string, SegmentationSample?)> images, CancellationToken stop)
    {
        var named = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(Path.GetFullPath(what)));
        var folder = Path.Combine(settings.Out, "predictions", named);
        for (var run = 2; Directory.Exists(folder); run++)
            folder = Path.Combine(settings.Out, "predictions", $"{named}-{run}");
        Directory.CreateDirectory(folder);
        var items = new List<GalleryItem>();
        model.eval();
        foreach (var (path, sample) in images)
        {
            stop.ThrowIfCancellationRequested();
            var id = Path.GetFileNameWithoutExtension(path);
            var (rgba, height, width) = PictureFile.ReadRgba(path);
            var classes = Classes(model, rgba, height, width);
            using (var mask = File.Create(Path.Combine(folder, id + ".png")))
                PalettePng.Write(classes, width, height, mask);
            // Images stay in memory until the page is written, so a whole split would be too much.
            if (items.Count == settings.Gallery)
                continue;
            var label = sample?.ReadClassIndex(settings.Palette);
            items.Add(new(id, rgba, height, width) { Label = label, Prediction = classes });
        }
        StatusLine.Print($"masks: {StatusLine.Shorten(folder)}");
        if (items.Count == 0)
            return;
        var page = Path.Combine(folder, "gallery.html");
        GalleryPage.Write(page, items, settings.Palette, "What the network sees");
        StatusLine.Print($"gallery: {StatusLine.Shorten(page)}");
    }

    private static byte[] Classes(Fcn model, byte[] rgba, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var constant = no_grad();
        var (mean, std) = (tensor(Normalization.ImageNet.Mean.ToArray()), tensor(Normalization.ImageNet.Std.ToArray()));
        var image = tensor(rgba, ScalarType.Byte).view(height, width, 4).narrow(2, 0, 3).to(ScalarType.Float32) / 255;
        var input = ((image - mean) / std).permute(2, 0, 1).unsqueeze(0).to(model.parameters().First().device);
        return model.call(input).argmax(1).to(ScalarType.Byte).cpu().data<byte>().ToArray();
    }
}
