using TorchSharp;

namespace VocSeg.Torch.Tests.Transforms;

/// <summary>The one pass on the CPU against the tensor ops that it stands for.</summary>
public sealed unsafe class HostWarpTests
{
    [Fact]
    public void Every_byte_of_every_channel_is_normalized_to_the_last_bit_as_by_tensor_ops()
    {
        using var scope = torch.NewDisposeScope();
        var pixels = new byte[256 * 4];
        for (var value = 0; value < 256; value++)
        {
            pixels[value * 4] = (byte)value;
            pixels[value * 4 + 1] = (byte)(255 - value);
            pixels[value * 4 + 2] = (byte)(value * 7);
        }
        Normalization[] normalizations =
            [Normalization.ImageNet, Normalization.None, new([0.1f, 0.7f, 0.33f], [0.9f, 0.01f, 0.123f])];
        foreach (var normalization in normalizations)
        {
            var options = new VocSegDatasetOptions { Normalization = normalization };
            var (planes, _) = Crop(options, pixels, new byte[256], new(1, 256), 0, 0, new(1, 256));
            var expected = torch.tensor(pixels, torch.uint8).view(256, 4).narrow(1, 0, 3).t().to(torch.float32)
                .mul(torch.tensor(normalization.Scale.ToArray()).view(3, 1))
                .add(torch.tensor(normalization.Bias.ToArray()).view(3, 1));
            Assert.Equal(
                expected.contiguous().Values<float>().Select(BitConverter.SingleToInt32Bits),
                planes.Select(BitConverter.SingleToInt32Bits));
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 7)]
    [InlineData(2, 8)]
    [InlineData(5, 17)]
    [InlineData(4, 64)]
    [InlineData(3, 100)]
    public void Windows_of_any_width_and_alignment_are_cut_from_wider_rows(int height, int width)
    {
        var random = new Random(height * 1000 + width);
        int rows = height + 3, columns = width + 5;
        var pixels = new byte[rows * columns * 4];
        var indices = new byte[rows * columns];
        random.NextBytes(pixels);
        random.NextBytes(indices);
        var packed = pixels.ToArray();
        HostRow.Pack(indices, packed);
        var options = new VocSegDatasetOptions { Normalization = Normalization.None };

        for (var shift = 0; shift < 3; shift++)
        {
            var (planes, label) = Crop(options, pixels, indices, new(rows, columns), 2, 4, new(height, width), shift);
            var (packedPlanes, packedLabel) =
                Crop(options, packed, null, new(rows, columns), 2, 4, new(height, width), shift);
            Assert.Equal(planes, packedPlanes);
            for (var row = 0; row < height; row++)
            {
                for (var column = 0; column < width; column++)
                {
                    var at = (2 + row) * columns + 4 + column;
                    var to = shift + row * width + column;
                    Assert.Equal((indices[at], indices[at]), ((byte)label[to], (byte)packedLabel[to]));
                    for (var channel = 0; channel < 3; channel++)
                        Assert.Equal(pixels[at * 4 + channel] / 255f, planes[to + channel * height * width], 1e-6f);
                }
            }
        }
    }

    [Fact]
    public void Packing_changes_the_fourth_byte_and_no_other()
    {
        var pixels = Enumerable.Range(0, 4 * 37).Select(i => (byte)(i * 5)).ToArray();
        var indices = Enumerable.Range(0, 37).Select(i => (byte)(200 + i)).ToArray();
        var packed = pixels.ToArray();
        HostRow.Pack(indices, packed);
        for (var i = 0; i < packed.Length; i++)
            Assert.Equal(i % 4 == 3 ? indices[i / 4] : pixels[i], packed[i]);
    }

    /// <summary>A crop, written to memory that begins some elements behind its alignment.</summary>
    private static (float[] Planes, long[] Label) Crop(
        VocSegDatasetOptions options, byte[] pixels, byte[]? indices, ImageSize size, int top, int left, ImageSize crop,
        int shift = 0)
    {
        var planes = new float[3 * crop.Pixels + shift];
        var label = new long[crop.Pixels + shift];
        fixed (byte* from = pixels, index = indices)
        fixed (float* image = planes)
        fixed (long* to = label)
        {
            new HostWarp(new(options)).Write(
                new((IntPtr)from, (IntPtr)index, size),
                new(size, crop) { Y0 = top, X0 = left },
                ColorMatrix.Identity,
                new((IntPtr)(image + shift), (IntPtr)(to + shift), 0, crop));
        }
        return (planes, label);
    }
}
