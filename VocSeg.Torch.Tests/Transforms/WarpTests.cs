using System.Runtime.InteropServices;
using CsCheck;

namespace VocSeg.Torch.Tests.Transforms;

/// <summary>The pass on the CPU against plain loops, for maps, colours and forms at random.</summary>
public sealed unsafe class WarpTests
{
    private const double Bound = 1e-5;

    [Fact]
    public void Any_map_and_colour_gives_what_plain_loops_give()
    {
        var worst = 0.0;
        WarpCase.Any.Sample(
            sample =>
            {
                var (pixels, classes) = sample.Sample();
                var expected = SlowWarp.Read(
                    pixels, classes, sample.Map, sample.Color, sample.Options, sample.Frame);
                var actual = Warp(sample, pixels, classes, isAtEnd: sample.Seed % 2 == 0);
                Assert.Equal(expected.Label, actual.Label);
                if (sample.LabelForm == LabelForm.Mask)
                    Assert.Equal(expected.Weight, actual.Weight);
                worst = Math.Max(worst, SlowWarp.Distance(expected.Image, actual.Image));
                Assert.InRange(worst, 0, Bound);
            },
            iter: 2000, threads: 1);
        TestContext.Current.TestOutputHelper?.WriteLine($"largest difference {worst:E1}");
    }

    [Fact]
    public void A_reduced_image_and_a_whole_label_give_what_plain_loops_give()
    {
        WarpCase.Reduced(WarpCase.Any).Sample(
            sample =>
            {
                var (pixels, classes) = sample.Sample();
                var expected = SlowWarp.Read(
                    pixels, classes, sample.Map, sample.Color, sample.Options, sample.Frame, sample.Image);
                var actual = Warp(sample, pixels, classes, isAtEnd: sample.Seed % 2 == 0);
                Assert.Equal(expected.Label, actual.Label);
                Assert.InRange(SlowWarp.Distance(expected.Image, actual.Image), 0, Bound);
            },
            iter: 1000, threads: 1);
    }

    [Fact]
    public void Class_indices_beside_the_pixels_and_in_them_give_the_same_bits()
    {
        WarpCase.Any.Sample(
            sample =>
            {
                var (pixels, classes) = sample.Sample();
                var apart = Warp(sample, pixels, classes, isAtEnd: true);
                var together = Warp(sample, pixels, classes, isAtEnd: true, isPacked: true);
                Assert.Equal(
                    apart.Image.Select(BitConverter.SingleToInt32Bits),
                    together.Image.Select(BitConverter.SingleToInt32Bits));
                Assert.Equal(apart.Label, together.Label);
                Assert.Equal(apart.Weight, together.Weight);
            },
            iter: 500, threads: 1);
    }

    [Fact]
    public void Classes_are_counted_as_the_batch_will_have_them()
    {
        var count = new LabelCount();
        WarpCase.Any.Sample(
            original =>
            {
                var sample = original with { LabelForm = LabelForm.ClassIndex, Frame = original.Map.Output };
                var (pixels, classes) = sample.Sample();
                var (_, label, _) = Warp(sample, pixels, classes, isAtEnd: true);
                var expected = new int[256];
                foreach (var index in label)
                    expected[(int)index]++;
                var packed = pixels.ToArray();
                HostRow.Pack(classes, packed);
                fixed (byte* apart = classes, together = packed)
                {
                    foreach (var source in new[]
                    {
                        new WarpSource(0, (IntPtr)apart, sample.Map.Source),
                        new WarpSource((IntPtr)together, 0, sample.Map.Source),
                    })
                    {
                        var counts = new int[256];
                        count.Begin(source);
                        count.Count(sample.Map, counts);
                        // Padding has the ignore index in a batch, and is not counted.
                        Assert.Equal(expected[..255], counts[..255]);
                        Assert.InRange(counts[255], 0, expected[255]);
                    }
                }
            },
            iter: 300, threads: 1);
    }

    [Fact]
    public void Where_the_image_tells_the_place_the_label_is_that_places()
    {
        const double Near = 1e-3;
        var compared = 0;
        WarpCase.Any.Where(sample => sample.Map.Source is { Height: <= 256, Width: <= 256 }).Sample(
            original =>
            {
                // The class is 16 * row + column, both modulo 16; the image holds row and column themselves.
                var sample = original with
                {
                    Channels = ImageChannels.Rgb,
                    LabelForm = LabelForm.ClassIndex,
                    Color = ColorMatrix.Identity,
                };
                var size = sample.Map.Source;
                var (pixels, classes) = (new byte[4 * size.Pixels], new byte[size.Pixels]);
                for (var at = 0; at < classes.Length; at++)
                {
                    var (row, column) = (at / size.Width, at % size.Width);
                    (pixels[4 * at], pixels[4 * at + 1], pixels[4 * at + 2]) = ((byte)row, (byte)column, 255);
                    classes[at] = ClassOf(row, column);
                }
                var (image, label, _) = Warp(sample, pixels, classes, isAtEnd: true, normalization: Normalization.None);
                var plane = (int)sample.Frame.Pixels;
                for (var at = 0; at < plane; at++)
                {
                    if (image[2 * plane + at] == 0)
                    {
                        Assert.Equal(255, label[at]);
                        continue;
                    }
                    double row = image[at] * 255.0 + 0.5, column = image[plane + at] * 255.0 + 0.5;
                    if (IsNearBorder(row) || IsNearBorder(column))
                        continue;
                    Assert.Equal(ClassOf((int)row, (int)column), label[at]);
                    compared++;
                }
            },
            iter: 500, threads: 1);
        Assert.True(compared > 10_000);

        static byte ClassOf(int row, int column) => (byte)(row % 16 * 16 + column % 16);

        static bool IsNearBorder(double place) => Math.Abs(place - Math.Round(place)) < Near;
    }

    /// <summary>The pass over memory that holds no more than the rows that the map needs.</summary>
    private static (float[] Image, double[] Label, double[] Weight) Warp(
        WarpCase sample, byte[] pixels, byte[] classes, bool isAtEnd, bool isPacked = false,
        Normalization? normalization = null)
    {
        var options = sample.Options with { Normalization = normalization ?? Normalization.ImageNet };
        var (map, frame) = (sample.Map, sample.Frame);
        var (first, count) = map.SourceRows();
        if (isPacked)
        {
            pixels = [.. pixels];
            HostRow.Pack(classes, pixels);
        }
        var (start, length) = (first * map.Source.Width, count * map.Source.Width);
        var (imageFirst, imageCount) = sample.Image.Rows(first, count);
        var imageRow = 4 * sample.Image.Size.Width;
        using var ownPixels = new GuardedMemory(pixels.AsSpan(imageFirst * imageRow, imageCount * imageRow), isAtEnd);
        using var ownClasses = new GuardedMemory(classes.AsSpan(start, length), isAtEnd);
        var isMask = sample.LabelForm == LabelForm.Mask;
        var channels = sample.Channels == ImageChannels.Gray ? 1 : 3;
        // What nobody writes shows, no pixel has such values; and so does what is written elsewhere.
        float[] image = Unwritten<float>(channels, float.NaN), weight = Unwritten<float>(1, isMask ? float.NaN : 0);
        var label = isMask ? [] : Unwritten<long>(1, -1);
        var mask = isMask ? Unwritten<float>(1, float.NaN) : [];
        using var ownImage = new GuardedMemory(MemoryMarshal.AsBytes<float>(image), isAtEnd);
        using var ownLabel = isMask
            ? new GuardedMemory(MemoryMarshal.AsBytes<float>(mask), isAtEnd)
            : new GuardedMemory(MemoryMarshal.AsBytes<long>(label), isAtEnd);
        using var ownWeight = new GuardedMemory(MemoryMarshal.AsBytes<float>(weight), isAtEnd);
        new HostWarp(new(options)).Write(
            new(
                (IntPtr)ownPixels.Address - imageFirst * (nint)imageRow,
                isPacked ? 0 : (IntPtr)ownClasses.Address - start,
                map.Source)
            {
                Image = sample.Image,
            },
            map,
            sample.Color,
            new((IntPtr)ownImage.Address, (IntPtr)ownLabel.Address, (IntPtr)ownWeight.Address, frame));
        new Span<float>(ownImage.Address, image.Length).CopyTo(image);
        new Span<float>(ownWeight.Address, weight.Length).CopyTo(weight);
        new Span<float>(ownLabel.Address, mask.Length).CopyTo(mask);
        new Span<long>(ownLabel.Address, label.Length).CopyTo(label);
        return (
            image,
            isMask ? Array.ConvertAll(mask, value => (double)value) : Array.ConvertAll(label, value => (double)value),
            Array.ConvertAll(weight, value => (double)value));

        T[] Unwritten<T>(int planes, T value)
        {
            var values = new T[planes * frame.Pixels];
            values.AsSpan().Fill(value);
            return values;
        }
    }
}
