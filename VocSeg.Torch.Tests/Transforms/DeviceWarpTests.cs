using CsCheck;
using TorchSharp;

namespace VocSeg.Torch.Tests.Transforms;

/// <summary>The batched tensor operations against plain loops, several samples at once, on the CPU device.</summary>
public sealed class DeviceWarpTests
{
    private const double Bound = 1e-5;

    [Fact]
    public void Any_maps_and_colours_of_a_batch_give_what_plain_loops_give() =>
        RequireSlowValues(WarpCase.Small, mayPack: true, times: 800);

    [Fact]
    public void Reduced_images_and_whole_labels_give_what_plain_loops_give() =>
        RequireSlowValues(WarpCase.Reduced(WarpCase.Small), mayPack: false, times: 300);

    private static void RequireSlowValues(Gen<WarpCase> cases, bool mayPack, int times)
    {
        // The lookup tables take longest; while one is held it is not made again.
        using var ofClasses = ColorLookup.Acquire(WarpCase.PaletteOf(LabelForm.ClassIndex));
        using var ofMasks = ColorLookup.Acquire(WarpCase.PaletteOf(LabelForm.Mask));
        var worst = 0.0;
        cases.Array[1, 4].Sample(
            batch =>
            {
                // Of a batch all samples have one frame and one form.
                var frame = new ImageSize(batch.Max(one => one.Frame.Height), batch.Max(one => one.Frame.Width));
                var options = batch[0].Options;
                var samples = batch.Select(one => one with { Frame = frame, LabelForm = batch[0].LabelForm })
                    .Select(one => (one.Map, one.Color, one.Image, Stored: one.Sample())).ToArray();
                var isPacked = mayPack && batch[0].Seed % 2 == 0;
                // Small parts now and then, of which a batch is put together.
                var mostPixels = batch[0].Seed % 3 == 0 ? frame.Pixels + 1 : DeviceWarp.MostPixels;
                var (image, label, weight) = Warp(samples, options, frame, isPacked, mostPixels);
                for (var i = 0; i < samples.Length; i++)
                {
                    var (map, color, grid, (pixels, classes)) = samples[i];
                    var expected = SlowWarp.Read(pixels, classes, map, color, options, frame, grid);
                    Assert.Equal(expected.Label, Part(label, i, samples.Length));
                    if (weight is not null)
                        Assert.Equal(expected.Weight, Part(weight, i, samples.Length));
                    worst = Math.Max(worst, SlowWarp.Distance(expected.Image, Part(image, i, samples.Length)));
                    Assert.InRange(worst, 0, Bound);
                }
            },
            iter: times, threads: 1);
        TestContext.Current.TestOutputHelper?.WriteLine($"largest difference {worst:E1}");
    }

    private static T[] Part<T>(T[] values, int part, int parts) =>
        values.AsSpan(values.Length / parts * part, values.Length / parts).ToArray();

    private static (float[] Image, double[] Label, double[]? Weight) Warp(
        (SampleGeometry Map, ColorMatrix Color, ImageGrid Grid, (byte[] Pixels, byte[] Classes) Stored)[] samples,
        VocSegDatasetOptions options, ImageSize frame, bool isPacked, long mostPixels)
    {
        using var scope = torch.NewDisposeScope();
        var (form, palette) = (new BatchForm(options), options.Palette);
        using var warp = new DeviceWarp(form, palette, torch.CPU, crop: null, mostPixels);
        var views = new WarpView[samples.Length];
        var (memory, colors) = (new List<byte>(), new List<byte>());
        for (var i = 0; i < samples.Length; i++)
        {
            var (map, color, grid, (pixels, classes)) = samples[i];
            var (first, count) = map.SourceRows();
            var (top, rows) = grid.Rows(first, count);
            var (width, gridWidth, start) = (map.Source.Width, grid.Size.Width, memory.Count / 4);
            views[i] = new(new(start - first * width, width, first, first + count - 1), map, color)
            {
                Reduced = grid.Reduction.IsWhole
                    ? null
                    : (new(start - top * gridWidth, gridWidth, top, top + rows - 1), grid),
            };
            var packed = pixels.ToArray();
            if (isPacked)
                HostRow.Pack(classes, packed);
            memory.AddRange(packed.AsSpan(4 * top * gridWidth, 4 * rows * gridWidth));
            foreach (var index in classes.AsSpan(first * width, count * width))
            {
                var named = index == palette.IgnoreIndex ? palette.IgnoreColors[0] : palette.Colors[index];
                colors.AddRange([named.Red, named.Green, named.Blue, 255]);
            }
            // Image and label of a sample begin at the same place.
            var longest = Math.Max(memory.Count, colors.Count);
            memory.AddRange(new byte[longest - memory.Count]);
            colors.AddRange(new byte[longest - colors.Count]);
        }
        var stored = torch.tensor(memory.ToArray(), torch.uint8).view(-1, 4);
        var labels = torch.tensor(colors.ToArray(), torch.uint8).view(-1, 4);
        var (image, label, weight) = isPacked
            ? warp.WarpPacked(places => stored.index_select(0, places).t(), views, frame)
            : warp.WarpColors(stored, labels, views, frame);
        Assert.True(image.is_contiguous() && label.is_contiguous() && weight?.is_contiguous() != false);
        return (image.Values<float>(), Values(label), weight is null ? null : Values(weight));

        static double[] Values(torch.Tensor tensor) => tensor.to(torch.float64).Values<double>();
    }
}
