using TorchSharp;
using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// Makes training tensors of pixels, a whole batch at once and on the device: a gather cuts the crops, then come the
/// normalization and, where labels are colours, the lookup of the class indices.
/// </summary>
internal sealed class DeviceWarp : IDisposable
{
    private readonly ImageSize crop;
    private readonly Device device;
    private readonly ColorLookup lookup;
    private readonly Tensor rows;
    private readonly Tensor columns;
    private readonly Tensor scale;
    private readonly Tensor bias;
    // A Scalar that only a call holds may be finalized while libtorch reads it.
    private readonly Scalar one = 1;

    internal DeviceWarp(ImageSize crop, Normalization normalization, SegmentationPalette palette, Device device)
    {
        this.crop = crop;
        this.device = device;
        lookup = ColorLookup.Acquire(palette, device);
        using var scope = NewDisposeScope();
        rows = scope.Detach(arange(crop.Height, ScalarType.Int32, device).view(1, -1, 1));
        columns = scope.Detach(arange(crop.Width, ScalarType.Int32, device).view(1, 1, -1));
        scale = scope.Detach(Channels(normalization.Scale));
        bias = scope.Detach(Channels(normalization.Bias));

        Tensor Channels(IEnumerable<float> values) =>
            tensor(values.ToArray(), ScalarType.Float32, device).view(1, 3, 1, 1);
    }

    /// <summary>Crops of images and labels that are both in colours.</summary>
    /// <param name="images">uint8 (pixels, 4); on the host.</param>
    /// <param name="labels">uint8 (pixels, 4), the same places as in the images; on the host.</param>
    /// <param name="starts">The place of the first pixel of each crop.</param>
    /// <param name="widths">The pixels in a row of the image of each crop.</param>
    /// <returns>
    /// image: float32 (crops, 3, height, width); label: int64 (crops, height, width). Both belong to the caller's
    /// dispose scope.
    /// </returns>
    internal (Tensor Image, Tensor Label) FromColors(Tensor images, Tensor labels, long[] starts, int[] widths)
    {
        using var scope = NewDisposeScope();
        var places = Places(starts, widths);
        var image = Normalize(Planes(Cut(images).narrow(3, 0, 3)));
        var label = lookup.ToClassIndex(Cut(labels));
        return scope.MoveToOuter(image, label);

        Tensor Cut(Tensor pixels) =>
            pixels.to(device).index_select(0, places)
                .view(starts.Length, crop.Height, crop.Width, HostWarp.BytesPerPixel);
    }

    /// <summary>Crops of packed pixels.</summary>
    /// <param name="packed">uint8 (crops, height, width, 4): red, green, blue and class index; on the device.</param>
    /// <returns>
    /// image: float32 (crops, 3, height, width); label: int64 (crops, height, width). Both belong to the caller's
    /// dispose scope.
    /// </returns>
    internal (Tensor Image, Tensor Label) FromPacked(Tensor packed)
    {
        using var scope = NewDisposeScope();
        var (image, label) = FromPlanes(Planes(packed));
        return scope.MoveToOuter(image, label);
    }

    /// <summary>Crops that are in planes already: two passes, one for the image and one for the label.</summary>
    /// <param name="planes">uint8 (crops, 4, height, width): red, green, blue and class index; on the device.</param>
    /// <returns>
    /// image: float32 (crops, 3, height, width); label: int64 (crops, height, width). Both belong to the caller's
    /// dispose scope.
    /// </returns>
    internal (Tensor Image, Tensor Label) FromPlanes(Tensor planes)
    {
        using var scope = NewDisposeScope();
        var image = Normalize(planes.narrow(1, 0, 3));
        var label = planes.select(1, 3).to(ScalarType.Int64);
        return scope.MoveToOuter(image, label);
    }

    public void Dispose()
    {
        lookup.Dispose();
        rows.Dispose();
        columns.Dispose();
        scale.Dispose();
        bias.Dispose();
        one.Dispose();
    }

    // One pass that reads bytes and writes floats. Multiplication and addition by themselves would take three more.
    private Tensor Normalize(Tensor channels) => bias.addcmul(channels, scale, one);

    // Channels are moved as bytes, a quarter of what they are as floats.
    private static Tensor Planes(Tensor pixels) => pixels.permute(0, 3, 1, 2).contiguous();

    /// <summary>The place of every pixel of the crops: int32 (crops * height * width).</summary>
    private Tensor Places(long[] starts, int[] widths)
    {
        var start = tensor(starts, ScalarType.Int32, device).view(-1, 1, 1);
        var width = tensor(widths, ScalarType.Int32, device).view(-1, 1, 1);
        return rows.mul(width).add_(start).add(columns).flatten();
    }
}
