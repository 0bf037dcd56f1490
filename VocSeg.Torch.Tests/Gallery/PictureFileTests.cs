using Gallery;

namespace VocSeg.Torch.Tests.Gallery;

public sealed class PictureFileTests
{
    [Fact]
    public void Class_indices_are_written_as_colours()
    {
        using var folder = new TempFolder();
        PictureFile.WriteClassColors(folder["mask.png"], [0, 1, 20, 255, 2, 2], 2, 3, SegmentationPalette.Voc);
        var (rgba, height, width) = PictureFile.ReadRgba(folder["mask.png"]);
        Assert.Equal((2, 3), (height, width));
        var colors = SegmentationPalette.Voc.Colors;
        // What is to be ignored is black.
        Assert.Equal(
            [colors[0], colors[1], colors[20], new(0, 0, 0), colors[2], colors[2]],
            rgba.Chunk(4).Select(pixel => new RgbColor(pixel[0], pixel[1], pixel[2])));
        Assert.All(rgba.Chunk(4), pixel => Assert.Equal(255, pixel[3]));
    }

    [Fact]
    public void What_is_no_image_names_the_file()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["no.jpg"], "no image");
        var error = Assert.Throws<DatasetException>(() => PictureFile.ReadRgba(folder["no.jpg"]));
        Assert.Equal(folder["no.jpg"], error.Path);
    }
}
