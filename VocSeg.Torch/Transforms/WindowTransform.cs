using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// Staged pixels to training tensors, for a whole batch at once and on the device: one gather cuts the windows of the images, one
/// those of the labels; then the normalization and the lookup of the class indices.
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

        Tensor Channels(IEnumerable<float> values) => tensor(values.ToArray(), ScalarType.Float32, device).view(1, 3, 1, 1);
    }

    /// <summary>The first <paramref name="count"/> slots of a staging buffer as tensors.</summary>
    /// <returns>
    /// image: float32 (count, 3, height, width); label: int64 (count, height, width). Both belong to the caller's dispose scope.
    /// </returns>
    internal (Tensor Image, Tensor Label) Apply(StagingBuffer staged, int count)
    {
        using var scope = NewDisposeScope();
        var window = WindowPixels(staged, count);

        var pixels = staged.Images.to(device).index_select(0, window).view(count, crop.Height, crop.Width, SkiaDecoder.BytesPerPixel);
        var image = empty(count, 3, crop.Height, crop.Width, ScalarType.Float32, device);
        image.copy_(pixels.narrow(3, 0, 3).permute(0, 3, 1, 2));
        image.mul_(scale).add_(bias);

        var colors = staged.Labels.to(device).index_select(0, window).view(count, crop.Height, crop.Width, SkiaDecoder.BytesPerPixel);
        var label = lookup.ToClassIndex(colors);
        return scope.MoveToOuter(image, label);
    }

    public void Dispose()
    {
        lookup.Dispose();
        rows.Dispose();
        columns.Dispose();
        scale.Dispose();
        bias.Dispose();
    }

    /// <summary>The place of every window pixel in the staging buffer: int64, shape (count * height * width).</summary>
    private Tensor WindowPixels(StagingBuffer staged, int count)
    {
        var starts = tensor(staged.Starts[..count], ScalarType.Int64, device).view(count, 1, 1);
        var widths = tensor(staged.Widths[..count], ScalarType.Int64, device).view(count, 1, 1);
        return rows.mul(widths).add_(starts).add(columns).flatten();
    }
}
