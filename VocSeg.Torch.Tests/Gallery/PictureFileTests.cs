using Gallery;
using VocSeg.Torch.Tests.Data;

namespace VocSeg.Torch.Tests.Gallery;

public sealed class PictureFileTests
{
    private static readonly byte[] Classes = [0, 1, 20, 255, 2, 2];

    [Fact]
    public void Class_indices_are_read_from_colours_and_from_gray_files_alike()
    {
        using var folder = new TempFolder();
        PictureFile.WriteClassColors(folder["colors.png"], Classes, 2, 3, SegmentationPalette.Voc);
        var (classes, height, width) = PictureFile.ReadClassIndex(folder["colors.png"], SegmentationPalette.Voc);
        Assert.Equal((2, 3), (height, width));
        // What is to be ignored is written black, which is background.
        Assert.Equal([0, 1, 20, 0, 2, 2], classes);

        File.WriteAllBytes(folder["gray.png"], PngWriter.Write(3, 2, PngWriter.Gray, 8, [0, 1, 20, 255, 2, 200]));
        Assert.Equal([0, 1, 20, 255, 2, 255], PictureFile.ReadClassIndex(folder["gray.png"], SegmentationPalette.Voc).Classes);
    }

    [Fact]
    public void A_colour_that_is_an_error_names_file_and_colour()
    {
        using var folder = new TempFolder();
        VocTree.WriteLabel(folder["label.png"], 2, 2, (_, _) => new(1, 2, 3));
        Assert.Equal([255, 255, 255, 255], PictureFile.ReadClassIndex(folder["label.png"], SegmentationPalette.Voc).Classes);
        var strict = SegmentationPalette.Voc with { UnknownColor = UnknownColor.Error };
        var error = Assert.Throws<VocDataException>(() => PictureFile.ReadClassIndex(folder["label.png"], strict));
        Assert.Equal(folder["label.png"], error.Path);
        Assert.Contains(new RgbColor(1, 2, 3).ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_picture_names_the_file()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["no.jpg"], "no picture");
        Assert.Equal(folder["no.jpg"], Assert.Throws<VocDataException>(() => PictureFile.ReadRgba(folder["no.jpg"])).Path);
    }
}
