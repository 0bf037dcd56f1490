using Gallery;
using SkiaSharp;

namespace VocSeg.Torch.Tests.Gallery;

public sealed class PngGridTests
{
    private const int Gap = PngGrid.Gap, Cell = PngGrid.Cell, Caption = PngGrid.Caption;

    [Fact]
    public void Image_label_overlay_and_prediction_stand_in_a_row()
    {
        using var grid = Write([Samples.Banded("a", predicted: true)]);
        Assert.Equal((4 * 60 + 5 * Gap, 40 + Caption + 2 * Gap), (grid.Width, grid.Height));
        SKColor At(int column, int row, int x) => grid.GetPixel(Gap + column * (60 + Gap) + x, Gap + row);

        Assert.Equal(SKColors.White, grid.GetPixel(0, 0));
        Assert.Equal(SKColors.White, grid.GetPixel(Gap + 60, Gap + 20));
        Assert.Equal(new SKColor(200, 200, 200), At(0, 2, 2));
        Assert.Equal(SKColors.Black, At(1, 2, 2));
        Assert.Equal(new SKColor(128, 0, 0), At(1, 15, 2));
        Assert.Equal(new SKColor(0, 64, 128), At(1, 25, 2));
        // The background leaves the image as it is, a class goes half and half.
        Assert.Equal(new SKColor(200, 200, 200), At(2, 2, 2));
        Assert.Equal(new SKColor(164, 100, 100), At(2, 15, 2));
        Assert.Equal(new SKColor(128, 0, 0), At(3, 15, 2));
        Assert.Equal(new SKColor(192, 128, 128), At(3, 25, 2));
        Assert.Equal(SKColors.Black, At(3, 35, 2));
    }

    [Fact]
    public void The_crop_is_a_line_on_image_and_label_alone()
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
    public void Large_images_are_made_to_fit_and_labels_keep_their_colours()
    {
        // Stripes one pixel wide: the image's become gray, the label's stay what they are.
        const int height = 2 * Cell, width = 3 * Cell;
        var rgba = new byte[4 * height * width];
        var label = new byte[height * width];
        for (var at = 0; at < label.Length; at++)
        {
            rgba.AsSpan(4 * at, 4).Fill(at % 3 == 0 ? (byte)90 : (byte)0);
            label[at] = (byte)(at % 3);
        }
        using var grid = Write([new("a", rgba, height, width) { Label = label }]);
        Assert.Equal((3 * Cell + 4 * Gap, height * Cell / width + Caption + 2 * Gap), (grid.Width, grid.Height));
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
        Assert.Equal((3 * 60 + 4 * Gap, 20 + 40 + 2 * Caption + 3 * Gap), (grid.Width, grid.Height));
        Assert.Equal(new SKColor(200, 200, 200), grid.GetPixel(Gap + 30, Gap + 10));
        Assert.Equal(SKColors.White, grid.GetPixel(Gap + 60 + Gap + 30, Gap + 10));
    }

    [Fact]
    public void A_crop_of_a_pixel_or_of_the_whole_image_is_drawn_too()
    {
        using var grid = Write([
            new("a", Samples.Gray(9, 9), 9, 9) { Crop = SKRectI.Create(8, 8, 1, 1) },
            new("b", Samples.Gray(9, 9), 9, 9) { Crop = SKRectI.Create(0, 0, 9, 9) },
            new("c", Samples.Gray(3, 2000), 3, 2000) { Crop = SKRectI.Create(1990, 2, 10, 1) },
        ]);
        Assert.Equal(SKColors.White, grid.GetPixel(Gap + 8, Gap + 8));
        Assert.Equal(SKColors.White, grid.GetPixel(Gap, 2 * Gap + 9 + Caption));
        Assert.Equal(SKColors.White, grid.GetPixel(Gap + 8, 2 * Gap + 9 + Caption + 8));
        Assert.Equal(SKColors.Black, grid.GetPixel(Gap + 1, 2 * Gap + 9 + Caption + 1));
        Assert.Equal(Cell + 2 * Gap, grid.Width);
    }

    [Fact]
    public void Id_and_size_as_width_x_height_stand_below_the_image()
    {
        using var grid = Write([Samples.Banded("7_"), new("x", Samples.Gray(9, 9), 9, 9)]);
        var below = Gap + 40 + Gap;
        string[] id =
        [
            "#####......",
            "....#......",
            "...#.......",
            "..#........",
            "..#........",
            ".#.........",
            ".#....#####",
        ];
        Assert.Equal(id, Dots(grid, below, id[0].Length));
        string[] size =
        [
            ".###...###.......................#...###.",
            "#.....#...#.....................##..#...#",
            "#.....#..##.......#...#........#.#..#..##",
            "####..#.#.#........#.#........#..#..#.#.#",
            "#...#.##..#.........#.........#####.##..#",
            "#...#.#...#........#.#...........#..#...#",
            ".###...###........#...#..........#...###.",
        ];
        Assert.Equal(size, Dots(grid, below + PixelFont.Height + Gap, size[0].Length));
    }

    [Fact]
    public void An_id_that_is_too_long_ends_in_dots_and_strange_letters_are_frames()
    {
        using var grid = Write([
            new(new string('I', 200), Samples.Gray(40, 60), 40, 60),
            new("\u00e4", Samples.Gray(9, 9), 9, 9),
        ]);
        // 60 pixels hold five letters of 12.
        Assert.Equal(60 + 2 * Gap, grid.Width);
        Assert.Equal(".###...###...###...##....##..", Dots(grid, Gap + 40 + Gap, 29)[6]);
        Assert.Equal(
            ["#####", "#...#", "#...#", "#...#", "#...#", "#...#", "#####"],
            Dots(grid, 3 * Gap + 40 + Caption + 9, 5));
    }

    [Fact]
    public void Every_letter_of_an_id_has_its_own_shape()
    {
        const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-.";
        var classes = new byte[4 * 1000];
        var gray = Samples.Gray(4, 1000);
        using var grid = Write([new(Letters, gray, 4, 1000) { Label = classes, Prediction = classes }]);
        var rows = Dots(grid, Gap + 1 + Gap, 6 * Letters.Length);
        var shapes = Enumerable.Range(0, Letters.Length)
            .Select(at => string.Join('\n', rows.Select(row => row.Substring(6 * at, 5))));
        Assert.Equal(Letters.Length, shapes.Distinct(StringComparer.Ordinal).Count());
    }

    /// <summary>The dots of a line of text: two by two pixels each, all of them dark or white.</summary>
    private static string[] Dots(SKBitmap grid, int top, int count) => [.. Enumerable.Range(0, 7).Select(row =>
        string.Concat(Enumerable.Range(0, count).Select(column =>
        {
            var pixels = new[] { (0, 0), (0, 1), (1, 0), (1, 1) }
                .Select(at => grid.GetPixel(Gap + 2 * column + at.Item1, top + 2 * row + at.Item2));
            return Assert.Single(pixels.Distinct()) == SKColors.White ? '.' : '#';
        })))];

    private static SKBitmap Write(IReadOnlyList<GalleryItem> items)
    {
        using var folder = new TempFolder();
        PngGrid.Write(folder["grid.png"], items, SegmentationPalette.Voc);
        var bounds = SKBitmap.DecodeBounds(folder["grid.png"]);
        var info = new SKImageInfo(bounds.Width, bounds.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        return SKBitmap.Decode(folder["grid.png"], info)!;
    }
}
