using CsCheck;
using TorchSharp;

namespace VocSeg.Torch.Tests.Transforms;

/// <summary>The batched tensor operations against plain loops, several samples at once, on the CPU device.</summary>
public sealed class DeviceWarpTests
{
    private const double Bound = 1e-5;

    [Fact]
    public void Any_maps_and_colours_of_a_batch_give_what_plain_loops_give()
    {
        var worst = 0.0;
        WarpCase.Small.Array[1, 4].Sample(
            batch =>
            {
                // Of a batch all samples have one frame and one form.
                var frame = new ImageSize(batch.Max(one => one.Frame.Height), batch.Max(one => one.Frame.Width));
                var options = batch[0].Options;
                var samples = batch.Select(one => one with { Frame = frame, LabelForm = batch[0].LabelForm })
                    .Select(one => (one.Map, one.Color, Stored: one.Sample())).ToArray();
                var isPacked = batch[0].Seed % 2 == 0;
                // Small parts now and then, of which a batch is put together.
                var mostPixels = batch[0].Seed % 3 == 0 ? frame.Pixels + 1 : DeviceWarp.MostPixels;
                var (image, label, weight) = Warp(samples, options, frame, isPacked, mostPixels);
                for (var i = 0; i < samples.Length; i++)
                {
                    var (map, color, (pixels, classes)) = samples[i];
                    var expected = SlowWarp.Read(pixels, classes, map, color, options, frame);
                    Assert.Equal(expected.Label, Part(label, i, samples.Length));
                    if (weight is not null)
                        Assert.Equal(expected.Weight, Part(weight, i, samples.Length));
                    var actual = Part(image, i, samples.Length);
                    worst = Math.Max(worst, expected.Image.Zip(actual).Max(pair => Math.Abs(pair.First - pair.Second)));
                    Assert.InRange(worst, 0, Bound);
                }
            },
            iter: 1000, threads: 1);
        TestContext.Current.TestOutputHelper?.WriteLine($"largest difference {worst:E1}");
    }

    private static double[] Part(double[] values, int part, int parts) =>
        values.AsSpan(values.Length / parts * part, values.Length / parts).ToArray();

    private static (double[] Image, double[] Label, double[]? Weight) Warp(
        (SampleGeometry Map, ColorMatrix Color, (byte[] Pixels, byte[] Classes) Stored)[] samples,
        VocSegDatasetOptions options, ImageSize frame, bool isPacked, long mostPixels)
    {
        using var scope = torch.NewDisposeScope();
        var (form, palette) = (new BatchForm(options), options.Palette);
        using var warp = new DeviceWarp(form, palette, torch.CPU, crop: null, mostPixels);
        var views = new WarpView[samples.Length];
        var (memory, colors) = (new List<byte>(), new List<byte>());
        for (var i = 0; i < samples.Length; i++)
        {
            var (map, color, (pixels, classes)) = samples[i];
            var (first, count) = map.SourceRows();
            var width = map.Source.Width;
            views[i] = new(memory.Count / 4 - first * width, width, first, first + count - 1, map, color);
            var packed = pixels.ToArray();
            if (isPacked)
                HostRow.Pack(classes, packed);
            memory.AddRange(packed.AsSpan(4 * first * width, 4 * count * width));
            foreach (var index in classes.AsSpan(first * width, count * width))
            {
                var named = index == palette.IgnoreIndex ? palette.IgnoreColors[0] : palette.Colors[index];
                colors.AddRange([named.Red, named.Green, named.Blue, 255]);
            }
        }
        var stored = torch.tensor(memory.ToArray(), torch.uint8).view(-1, 4);
        var labels = torch.tensor(colors.ToArray(), torch.uint8).view(-1, 4);
        var (image, label, weight) = isPacked
            ? warp.WarpPacked(places => stored.index_select(0, places).t(), views, frame)
            : warp.WarpColors(stored, labels, views, frame);
        Assert.True(image.is_contiguous() && label.is_contiguous() && weight?.is_contiguous() != false);
        return (Values(image), Values(label), weight is null ? null : Values(weight));

        static double[] Values(torch.Tensor tensor) => tensor.to(torch.float64).Values<double>();
    }
}
