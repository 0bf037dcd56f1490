using Gallery;
using SkiaSharp;
using SyntheticVoc;
using VocSeg.Torch;

namespace Pictures;

/// <summary>
/// The pictures of README and docs, of generated data alone. They are the same wherever they are made.
/// </summary>
internal static class DocsPictures
{
    /// <summary>Which of the painted samples the transforms are shown with.</summary>
    private const int Shown = 10;

    private static readonly ImageSize Crop = (240, 320);

    /// <summary>What each strip shows: a name, how many draws, and the transforms that they come from.</summary>
    private static readonly (string Name, int Draws, SampleTransform[] Transforms)[] Strips =
    [
        ("random-crop", 4, [new RandomCrop(Crop)]),
        ("center-crop", 1, [new CenterCrop(Crop)]),
        ("random-resized-crop", 4, [new RandomResizedCrop(Crop)]),
        ("random-horizontal-flip", 4, [new RandomHorizontalFlip(), new Whole()]),
        ("random-vertical-flip", 4, [new RandomVerticalFlip(), new Whole()]),
        ("random-scale", 4, [new RandomScale(), new PadIfSmaller(Crop), new RandomCrop(Crop)]),
        ("random-rotation", 4, [new RandomRotation(30), new Whole()]),
        ("random-affine", 4, [new RandomAffine(10, (0.1, 0.1), (0.8, 1.2), (15, 15)), new Whole()]),
        ("resize", 1, [new Resize((240, 240)), new Whole()]),
        ("letterbox", 1, [new Letterbox((240, 240)), new Whole()]),
        ("pad-if-smaller", 1, [new PadIfSmaller((480, 640)), new Whole()]),
        ("color-jitter", 4, [new ColorJitter(0.4, 0.4, 0.4, 0.1), new Whole()]),
        ("photometric-distortion", 4, [new PhotometricDistortion(), new Whole()]),
        ("random-grayscale", 4, [new RandomGrayscale(0.5), new Whole()]),
    ];

    /// <summary>File names below docs/pictures, and the PNG files.</summary>
    internal static IEnumerable<(string Name, byte[] Png)> Make()
    {
        var folder = Directory.CreateTempSubdirectory("vocseg-pictures-").FullName;
        try
        {
            var samples = Enumerable.Range(0, 24).Select(index => Paint(folder, index)).ToArray();
            var gallery = new[] { 1, 4, 5, 10, 19 }.Select(index => Item(samples[index], [new Whole()], epoch: 0));
            yield return ("gallery.png", Encode([.. gallery], cell: 160, 0, 1, 2));
            foreach (var (name, draws, transforms) in Strips)
            {
                var drawn = Enumerable.Range(0, draws).Select(epoch => Item(samples[Shown], transforms, epoch));
                var whole = Item(samples[Shown], [new Whole()], epoch: 0);
                yield return ($"transforms/{name}.png", Encode([whole, .. drawn], cell: 112, 0, 1));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // In PNG, which every decoder reads alike.
    private static SegmentationSample Paint(string folder, int index)
    {
        var plan = SamplePlan.For(new() { Train = 24, Val = 0, Seed = 2, Size = (375, 500) }, index);
        var (image, label) = Scene.Paint(plan);
        var path = Path.Combine(folder, $"{index:00}");
        using (image)
            File.WriteAllBytes(path + ".png", ItemPainter.EncodePng(image));
        using (var file = File.Create(path + "-label.png"))
            PalettePng.Write(label, plan.Size.Width, plan.Size.Height, file);
        return new($"{index:00}", path + ".png", path + "-label.png", plan.Size);
    }

    private static GalleryItem Item(SegmentationSample sample, SampleTransform[] transforms, int epoch)
    {
        var drawn = TransformedSample.Read(sample, transforms, seed: 1, epoch, index: 0);
        var size = drawn.Geometry.Output;
        return new(sample.Id, drawn.Rgba, size.Height, size.Width) { Label = drawn.ClassIndex };
    }

    // With 32 levels a channel in the place of 256 a file has half the size, and looks the same so small.
    private static byte[] Encode(GalleryItem[] items, int cell, params int[] panels)
    {
        using var strip = PngStrip.Draw(items, SegmentationPalette.Voc, cell, panels);
        var bytes = strip.GetPixelSpan();
        for (var at = 0; at < bytes.Length; at++)
            bytes[at] = (byte)((bytes[at] * 31 + 127) / 255 * 255 / 31);
        return ItemPainter.EncodePng(strip, SKPngEncoderFilterFlags.AllFilters);
    }
}
