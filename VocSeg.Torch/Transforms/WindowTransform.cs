using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// Pixels to training tensors, for a whole batch at once and on the device: a gather cuts the windows; then the normalization and, where
/// labels are colours, the lookup of the class indices.
/// </summary>
internal sealed class WindowTransform : IDisposable
{
    private readonly CropSize crop;
    private readonly Device device;
    private readonly LookupTable lookup;
    private readonly Tensor rows;
    private readonly Tensor columns;
    private readonly Tensor scale;
    private readonly Tensor bias;
    private readonly Tensor channelShifts;
    private readonly Tensor indexShift;
    private readonly Tensor lowByte;

    internal WindowTransform(CropSize crop, Normalization normalization, SegmentationPalette palette, Device device)
    {
        this.crop = crop;
        this.device = device;
        lookup = LookupTable.Acquire(palette, device);
        using var scope = NewDisposeScope();
        rows = scope.Detach(arange(crop.Height, ScalarType.Int64, device).view(1, -1, 1));
        columns = scope.Detach(arange(crop.Width, ScalarType.Int64, device).view(1, 1, -1));
        scale = scope.Detach(Channels(normalization.Scale));
        bias = scope.Detach(Channels(normalization.Bias));
        channelShifts = scope.Detach(tensor(new[] { 0, 8, 16 }, ScalarType.Int32, device).view(1, 3, 1, 1));
        indexShift = scope.Detach(tensor(24, ScalarType.Int32, device));
        lowByte = scope.Detach(tensor(255, ScalarType.Int32, device));

        Tensor Channels(IEnumerable<float> values) => tensor(values.ToArray(), ScalarType.Float32, device).view(1, 3, 1, 1);
    }

    /// <summary>The first <paramref name="count"/> slots of a staging buffer as tensors.</summary>
    /// <returns>
    /// image: float32 (count, 3, height, width); label: int64 (count, height, width). Both belong to the caller's dispose scope.
    /// </returns>
    internal (Tensor Image, Tensor Label) Apply(StagingBuffer staged, int count)
    {
        using var scope = NewDisposeScope();
        var window = Places(staged.Starts[..count], staged.Widths[..count]);

        var pixels = staged.Images.to(device).index_select(0, window).view(count, crop.Height, crop.Width, SkiaDecoder.BytesPerPixel);
        var image = empty(count, 3, crop.Height, crop.Width, ScalarType.Float32, device);
        image.copy_(pixels.narrow(3, 0, 3).permute(0, 3, 1, 2));
        image.mul_(scale).add_(bias);

        var colors = staged.Labels.to(device).index_select(0, window).view(count, crop.Height, crop.Width, SkiaDecoder.BytesPerPixel);
        var label = lookup.ToClassIndex(colors);
        return scope.MoveToOuter(image, label);
    }

    /// <summary>Cuts windows from packed pixels.</summary>
    /// <param name="pixels">int32, one a pixel, whole images one after the other.</param>
    /// <param name="starts">The place of each window's first pixel.</param>
    /// <param name="widths">The pixels in a row of each window's image.</param>
    /// <returns>int32 (windows, height, width), in the caller's dispose scope.</returns>
    internal Tensor Cut(Tensor pixels, long[] starts, long[] widths)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(pixels.index_select(0, Places(starts, widths)).view(starts.Length, crop.Height, crop.Width));
    }

    /// <summary>Packed windows as tensors.</summary>
    /// <param name="packed">int32 (count, height, width): red, green, blue and class index, red in the lowest byte; on the device.</param>
    /// <returns>
    /// image: float32 (count, 3, height, width); label: int64 (count, height, width). Both belong to the caller's dispose scope.
    /// </returns>
    internal (Tensor Image, Tensor Label) Unpack(Tensor packed)
    {
        using var scope = NewDisposeScope();
        var image = packed.unsqueeze(1).bitwise_right_shift(channelShifts).bitwise_and(lowByte).to(ScalarType.Float32);
        image.mul_(scale).add_(bias);
        var label = packed.bitwise_right_shift(indexShift).bitwise_and(lowByte).to(ScalarType.Int64);
        return scope.MoveToOuter(image, label);
    }

    public void Dispose()
    {
        lookup.Dispose();
        channelShifts.Dispose();
        indexShift.Dispose();
        lowByte.Dispose();
        rows.Dispose();
        columns.Dispose();
        scale.Dispose();
        bias.Dispose();
    }

    /// <summary>The place of every window pixel: int64 (windows * height * width).</summary>
    private Tensor Places(long[] starts, long[] widths)
    {
        var start = tensor(starts, ScalarType.Int64, device).view(-1, 1, 1);
        var width = tensor(widths, ScalarType.Int64, device).view(-1, 1, 1);
        return rows.mul(width).add_(start).add(columns).flatten();
    }
}
