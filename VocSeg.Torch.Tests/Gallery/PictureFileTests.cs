using Gallery;

namespace VocSeg.Torch.Tests.Gallery;

public sealed class PictureFileTests
{
    [Fact]
    public void What_is_no_image_names_the_file()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["no.jpg"], "no image");
        var error = Assert.Throws<DatasetException>(() => PictureFile.ReadRgba(folder["no.jpg"]));
        Assert.Equal(folder["no.jpg"], error.Path);
    }
}
