using Gallery;
using Options;
using SyntheticVoc;
using VocSeg.Torch;

namespace FcnTraining;

/// <summary>Writes a mask of every image, as VOC's labels are, and a gallery of the first ones.</summary>
internal static class Prediction
{
    /// <summary>What <c>--predict</c> means: an image, the images of a folder, or the samples of a split.</summary>
    internal static SampleCatalog Find(string what, Settings settings, CancellationToken stop)
    {
        var isImage = Path.GetExtension(what).ToLowerInvariant() is ".jpg" or ".jpeg" or ".png" or ".webp" or ".bmp";
        if (isImage && File.Exists(what))
            return SampleCatalog.FromPairs([(Path.GetFileNameWithoutExtension(what), what, null)]);
        return Directory.Exists(what)
            ? SampleCatalog.FromFolders(what, labels: null, cancellationToken: stop)
            : settings.OpenSplit(what, stop);
    }

    // Every run has a folder of its own, named after the split, folder or image, with a number where that is taken.
    internal static SegmentationScore Draw(
        Fcn model, SampleCatalog catalog, Settings settings, VocSegDatasetOptions data, string what,
        CancellationToken stop)
    {
        var named = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(Path.GetFullPath(what)));
        var folder = Path.Combine(settings.Out, "predictions", named);
        for (var run = 2; Directory.Exists(folder); run++)
            folder = Path.Combine(settings.Out, "predictions", $"{named}-{run}");
        var (palette, items) = (data.Palette, new List<GalleryItem>());
        byte[] colors = [
            .. palette.Colors.SelectMany(color => new[] { color.Red, color.Green, color.Blue }),
            .. PalettePng.Palette[(3 * palette.ClassCount)..]];
        settings = settings with { Cache = SampleCache.None };
        using var evaluation = new Evaluation(catalog, settings, data, EvaluateOn.Whole);
        var score = evaluation.Run(model, Write, stop);
        StatusLine.Print($"masks: {StatusLine.Shorten(folder)}");
        if (items.Count > 0)
        {
            var page = Path.Combine(folder, "gallery.html");
            GalleryPage.Write(page, items, palette, "What the network sees");
            StatusLine.Print($"gallery: {StatusLine.Shorten(page)}");
        }
        return score;

        void Write(SegmentationSample sample, Tensor prediction)
        {
            var (classes, size) = (prediction.to(ScalarType.Byte).cpu().data<byte>().ToArray(), sample.Size);
            var path = Path.Combine(folder, sample.Id + ".png");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using (var mask = File.Create(path))
                PalettePng.Write(classes, size.Width, size.Height, mask, colors);
            // Images stay in memory until the page is written, so a whole split would be too much.
            if (items.Count == settings.Gallery)
                return;
            var label = sample.LabelPath is null ? null : sample.ReadClassIndex(palette);
            items.Add(
                new(sample.Id, sample.ReadImage(), size.Height, size.Width) { Label = label, Prediction = classes });
        }
    }
}
