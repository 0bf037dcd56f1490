using Gallery;
using SkiaSharp;

namespace VocSeg.Torch.Tests.Gallery;

public sealed class PngGridTests
{
    private const int Gap = PngGrid.Gap, Cell = PngGrid.Cell;

    [Fact]
    public void Image_label_overlay_and_prediction_stand_in_a_row()
    {
        using var grid = Write([Samples.Banded("a", predicted: true)]);
        Assert.Equal((4 * 60 + 5 * Gap, 40 + 2 * Gap), (grid.Width, grid.Height));
        SKColor At(int column, int row, int x) => grid.GetPixel(Gap + column * (60 + Gap) + x, Gap + row);

        Assert.Equal(SKColors.White, grid.GetPixel(0, 0));
        Assert.Equal(SKColors.White, grid.GetPixel(Gap + 60, Gap + 20));
        Assert.Equal(new SKColor(200, 200, 200), At(0, 2, 2));
        Assert.Equal(SKColors.Black, At(1, 2, 2));
        Assert.Equal(new SKColor(128, 0, 0), At(1, 15, 2));
        Assert.Equal(new SKColor(0, 64, 128), At(1, 25, 2));
        // The background leaves the photo as it is, a class goes half and half.
        Assert.Equal(new SKColor(200, 200, 200), At(2, 2, 2));
        Assert.Equal(new SKColor(164, 100, 100), At(2, 15, 2));
        Assert.Equal(new SKColor(128, 0, 0), At(3, 15, 2));
        Assert.Equal(new SKColor(192, 128, 128), At(3, 25, 2));
        Assert.Equal(SKColors.Black, At(3, 35, 2));
    }

    [Fact]
    public void The_window_is_a_line_on_image_and_label_alone()
    {
        using var grid = Write([Samples.Banded("a")]);
        // Rows 4 to 27 and columns 8 to 47.
        foreach (var column in new[] { 0, 1 })
        {
            foreach (var (row, x) in new[] { (4, 8), (4, 47), (27, 8), (27, 47), (16, 8), (4, 30) })
                Assert.Equal(SKColors.White, grid.GetPixel(Gap + column * (60 + Gap) + x, Gap + row));
            Assert.Equal(SKColors.Black, grid.GetPixel(Gap + column * (60 + Gap) + 9, Gap + 16));
        }
        Assert.Equal(new SKColor(200, 200, 200), grid.GetPixel(Gap + 2 * (60 + Gap) + 8, Gap + 4));
        Assert.Equal(new SKColor(200, 200, 200), grid.GetPixel(Gap + 7, Gap + 4));
    }

    [Fact]
    public void Large_pictures_are_made_to_fit_and_labels_keep_their_colours()
    {
        // Stripes one pixel wide: the photo's become gray, the label's stay what they are.
        const int height = 2 * Cell, width = 3 * Cell;
        var rgba = new byte[4 * height * width];
        var label = new byte[height * width];
        for (var at = 0; at < label.Length; at++)
        {
            rgba.AsSpan(4 * at, 4).Fill(at % 3 == 0 ? (byte)90 : (byte)0);
            label[at] = (byte)(at % 3);
        }
        using var grid = Write([new("a", rgba, height, width) { Label = label }]);
        Assert.Equal((3 * Cell + 4 * Gap, height * Cell / width + 2 * Gap), (grid.Width, grid.Height));
        for (var x = 0; x < Cell; x++)
        {
            Assert.Equal(new SKColor(30, 30, 30), grid.GetPixel(Gap + x, Gap + 7));
            Assert.Equal(new SKColor(128, 0, 0), grid.GetPixel(Gap + Cell + Gap + x, Gap + 7));
        }
    }

    [Fact]
    public void A_sample_without_a_label_leaves_its_place_empty()
    {
        using var grid = Write([new("a", Samples.Gray(20, 60), 20, 60), Samples.Banded("b")]);
        Assert.Equal((3 * 60 + 4 * Gap, 20 + 40 + 3 * Gap), (grid.Width, grid.Height));
        Assert.Equal(new SKColor(200, 200, 200), grid.GetPixel(Gap + 30, Gap + 10));
        Assert.Equal(SKColors.White, grid.GetPixel(Gap + 60 + Gap + 30, Gap + 10));
    }

    [Fact]
    public void A_window_of_a_pixel_or_of_the_whole_picture_is_drawn_too()
    {
        using var grid = Write([
            new("a", Samples.Gray(9, 9), 9, 9) { Window = new(new(8, 8), new(1, 1)) },
            new("b", Samples.Gray(9, 9), 9, 9) { Window = new(new(0, 0), new(9, 9)) },
            new("c", Samples.Gray(3, 2000), 3, 2000) { Window = new(new(2, 1990), new(1, 10)) },
        ]);
        Assert.Equal(SKColors.White, grid.GetPixel(Gap + 8, Gap + 8));
        Assert.Equal(SKColors.White, grid.GetPixel(Gap, 2 * Gap + 9));
        Assert.Equal(Cell + 2 * Gap, grid.Width);
    }

    private static SKBitmap Write(IReadOnlyList<GalleryItem> items)
    {
        using var folder = new TempFolder();
        PngGrid.Write(folder["grid.png"], items, SegmentationPalette.Voc);
        var bounds = SKBitmap.DecodeBounds(folder["grid.png"]);
        return SKBitmap.Decode(folder["grid.png"], new SKImageInfo(bounds.Width, bounds.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul))!;
    }
}
