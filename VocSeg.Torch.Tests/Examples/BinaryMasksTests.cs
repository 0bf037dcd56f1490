using System.Globalization;

namespace VocSeg.Torch.Tests.Examples;

/// <summary>BinaryMasks on images of 96x144, made by itself, in tiles of 32x32.</summary>
public sealed class BinaryMasksTests
{
    [Fact]
    public void The_loss_falls_and_cells_of_images_held_out_are_found()
    {
        using var folder = new TempFolder();
        using var process = ChildProcess.StartExample("BinaryMasks", [folder["cells"], "32"], ("OMP_NUM_THREADS", "1"));
        var (exitCode, output, error) = ChildProcess.Finish(process);
        Assert.Equal(("", 0), (error, exitCode));
        var epochs = ChildProcess.Lines(output).Select(line =>
        {
            Assert.Matches(@"^epoch \d: loss \d\.\d+, IoU \d\.\d+$", line);
            var words = line.Split(' ');
            return (
                Loss: double.Parse(words[3].TrimEnd(','), CultureInfo.InvariantCulture),
                IoU: double.Parse(words[5], CultureInfo.InvariantCulture));
        }).ToArray();
        Assert.Equal(4, epochs.Length);
        Assert.InRange(epochs[^1].Loss, 0, 0.5 * epochs[0].Loss);
        // Cells cover less than a third of the images: all of them taken for cells would have an IoU below 0.34.
        var images = SampleCatalog.FromFolders(folder["cells", "images"], folder["cells", "masks"]);
        Assert.Equal((12, new ImageSize(96, 144)), (images.Samples.Count, images.Samples[0].Size));
        var pixels = CatalogStatistics.Measure(images, SegmentationPalette.Binary).ClassPixels;
        Assert.InRange((double)pixels[1] / pixels.Sum(), 0.05, 0.34);
        Assert.InRange(epochs[^1].IoU, 0.8, 1);
    }
}
