namespace VocSeg.Torch.Tests.Transforms;

public sealed class CropWindowTests
{
    [Fact]
    public void Every_place_where_the_crop_fits_is_drawn_about_equally_often()
    {
        const int Draws = 70_000;
        var counts = new int[7, 5];
        for (var index = 0; index < Draws; index++)
        {
            var window = CropWindow.Draw(new(16, 14), new(10, 10), seed: 3, epoch: 1, index);
            counts[window.Top, window.Left]++;
        }
        // 2000 each expected; five standard deviations are 220.
        foreach (var count in counts)
            Assert.InRange(count, 1780, 2220);
    }

    [Fact]
    public void Window_depends_on_seed_epoch_and_index_and_on_nothing_else()
    {
        CropWindow Draw(long seed, long epoch, long index) =>
            CropWindow.Draw(new(5000, 5000), new(10, 10), seed, epoch, index);
        Assert.Equal(Draw(1, 2, 3), Draw(1, 2, 3));
        var windows =
            from seed in Enumerable.Range(0, 10)
            from epoch in Enumerable.Range(0, 10)
            from index in Enumerable.Range(0, 10)
            select Draw(seed, epoch, index);
        Assert.Equal(1000, windows.Distinct().Count());
    }

    [Fact]
    public void A_draw_is_the_same_on_every_machine_and_in_every_version()
    {
        // Changing these values would change what a seed gives to users.
        Assert.Equal(
            [new(42, 9), new(26, 16), new(23, 0)],
            Enumerable.Range(0, 3).Select(
                index => CropWindow.Draw(new(375, 500), new(320, 480), seed: 42, epoch: 0, index)));
    }

    [Fact]
    public void A_crop_of_the_images_own_size_has_one_place()
    {
        Assert.Equal(new CropWindow(0, 0), CropWindow.Draw(new(320, 480), new(320, 480), 1, 2, 3));
        Assert.Contains(
            "375x500",
            Assert.Throws<ArgumentException>(() => CropWindow.Draw(new(375, 500), new(376, 10), 0, 0, 0)).Message,
            StringComparison.Ordinal);
    }
}
