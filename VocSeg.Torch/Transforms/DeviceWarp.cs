using TorchSharp;
using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>Where a sample lies in flat memory on the device, and what is done to it.</summary>
/// <param name="Start">The place of its first pixel, or where that would lie if all rows were there.</param>
/// <param name="Pitch">The pixels from one row to the next.</param>
/// <param name="FirstRow">The first row that is there.</param>
/// <param name="LastRow">The last row that is there.</param>
/// <param name="Geometry">Which of its pixels go where.</param>
/// <param name="Color">What becomes of their colours.</param>
internal readonly record struct WarpView(
    long Start, int Pitch, int FirstRow, int LastRow, SampleGeometry Geometry, ColorMatrix Color);

/// <summary>
/// Makes training tensors of pixels, a whole batch at once and on the device: a gather cuts the crops, then come the
/// normalization and, where labels are colours, the lookup of the class indices.
/// </summary>
internal sealed class DeviceWarp : IDisposable
{
    private readonly BatchForm form;
    private readonly Device device;
    private readonly ColorLookup lookup;
    private readonly Tensor scale;
    private readonly Tensor bias;
    private readonly AffineGather gather;
    // A Scalar that only a call holds may be finalized while libtorch reads it.
    private readonly Scalar one = 1;
    private readonly Scalar zero = 0;
    private readonly Scalar ignored;
    private readonly Scalar red = ColorMatrix.LumaOfRed;
    private readonly Scalar green = ColorMatrix.LumaOfGreen;
    private readonly Scalar blue = ColorMatrix.LumaOfBlue;

    /// <param name="form">What the tensors of a batch hold.</param>
    /// <param name="palette">Which colour is which class.</param>
    /// <param name="device">Where the tensors are made.</param>
    /// <param name="crop">The size of crops that lie within their images; null where there are other samples too.</param>
    internal DeviceWarp(BatchForm form, SegmentationPalette palette, Device device, ImageSize? crop)
    {
        this.form = form;
        this.device = device;
        lookup = ColorLookup.Acquire(palette, device);
        ignored = form.IgnoreIndex;
        gather = new(device, crop);
        using var scope = NewDisposeScope();
        scale = scope.Detach(Channels(form.Scale));
        bias = scope.Detach(Channels(form.Bias));

        Tensor Channels(IEnumerable<float> values) =>
            tensor(values.Take(form.Channels).ToArray(), ScalarType.Float32, device).view(1, form.Channels, 1, 1);
    }

    /// <summary>Crops of images and labels that are both in colours.</summary>
    /// <param name="images">uint8 (pixels, 4); on the host.</param>
    /// <param name="labels">uint8 (pixels, 4), the same places as in the images; on the host.</param>
    /// <param name="starts">The place of the first pixel of each crop.</param>
    /// <param name="widths">The pixels in a row of the image of each crop.</param>
    /// <param name="crop">The size of the crops.</param>
    /// <returns>The tensors of a batch, in the caller's dispose scope.</returns>
    internal (Tensor Image, Tensor Label, Tensor? Weight) FromColors(
        Tensor images, Tensor labels, long[] starts, int[] widths, ImageSize crop)
    {
        using var scope = NewDisposeScope();
        var places = gather.PlacesOf(starts, widths);
        return MoveOut(scope, Finish(
            Planes(Cut(images)).narrow(1, 0, 3), lookup.ToClassIndex(Cut(labels)), outside: null));

        Tensor Cut(Tensor pixels) => pixels.to(device).index_select(0, places)
            .view(starts.Length, crop.Height, crop.Width, HostWarp.BytesPerPixel);
    }

    /// <summary>Crops of packed pixels.</summary>
    /// <param name="packed">uint8 (crops, height, width, 4): red, green, blue and class index; on the device.</param>
    /// <returns>The tensors of a batch, in the caller's dispose scope.</returns>
    internal (Tensor Image, Tensor Label, Tensor? Weight) FromPacked(Tensor packed)
    {
        using var scope = NewDisposeScope();
        return MoveOut(scope, FromPlanes(Planes(packed)));
    }

    /// <summary>Crops that are in planes already: two passes, one for the image and one for the label.</summary>
    /// <param name="planes">uint8 (crops, 4, height, width): red, green, blue and class index; on the device.</param>
    /// <returns>The tensors of a batch, in the caller's dispose scope.</returns>
    internal (Tensor Image, Tensor Label, Tensor? Weight) FromPlanes(Tensor planes)
    {
        using var scope = NewDisposeScope();
        return MoveOut(scope, Finish(planes.narrow(1, 0, 3), planes.select(1, 3), outside: null));
    }

    /// <summary>Samples of any geometry and colour, out of images and labels that are both in colours.</summary>
    /// <param name="images">uint8 (pixels, 4); on the host.</param>
    /// <param name="labels">uint8 (pixels, 4), the same places as in the images; on the host.</param>
    /// <param name="views">Where the samples lie.</param>
    /// <param name="frame">The size of the batch.</param>
    /// <returns>The tensors of a batch, in the caller's dispose scope.</returns>
    internal (Tensor Image, Tensor Label, Tensor? Weight) WarpColors(
        Tensor images, Tensor labels, ReadOnlySpan<WarpView> views, ImageSize frame)
    {
        using var scope = NewDisposeScope();
        var (onDevice, colors) = (images.to(device), labels.to(device));
        var warped = gather.Warp(places => onDevice.index_select(0, places).t(), views, frame);
        var classIndex = lookup.ToClassIndex(colors.index_select(0, warped.LabelPlaces.flatten()))
            .view(warped.LabelPlaces.shape);
        return MoveOut(scope, Finish(warped.Levels, classIndex, warped.Outside));
    }

    /// <summary>Samples of any geometry and colour, out of packed pixels.</summary>
    /// <param name="gathered">
    /// Gives the pixels at some places of flat memory: uint8 (4, places), red, green, blue and class index; on the device.
    /// </param>
    /// <param name="views">Where the samples lie.</param>
    /// <param name="frame">The size of the batch.</param>
    /// <returns>The tensors of a batch, in the caller's dispose scope.</returns>
    internal (Tensor Image, Tensor Label, Tensor? Weight) WarpPacked(
        Func<Tensor, Tensor> gathered, ReadOnlySpan<WarpView> views, ImageSize frame)
    {
        using var scope = NewDisposeScope();
        var warped = gather.Warp(gathered, views, frame);
        var classIndex = gathered(warped.LabelPlaces.flatten()).select(0, 3).view(warped.LabelPlaces.shape);
        return MoveOut(scope, Finish(warped.Levels, classIndex, warped.Outside));
    }

    public void Dispose()
    {
        lookup.Dispose();
        gather.Dispose();
        scale.Dispose();
        bias.Dispose();
        foreach (var scalar in new[] { one, zero, ignored, red, green, blue })
            scalar.Dispose();
    }

    /// <summary>Makes a batch of levels and class indices.</summary>
    /// <param name="levels">(crops, 3, height, width): red, green and blue from 0 to 255, bytes or float32.</param>
    /// <param name="classIndex">(crops, height, width): bytes or int64.</param>
    /// <param name="outside">bool (crops, height, width): what is padded; null where nothing is.</param>
    private (Tensor Image, Tensor Label, Tensor? Weight) Finish(Tensor levels, Tensor classIndex, Tensor? outside)
    {
        if (form.IsGray)
        {
            levels = levels.narrow(1, 0, 1).mul(red)
                .add_(levels.narrow(1, 1, 1).mul(green))
                .add_(levels.narrow(1, 2, 1).mul(blue));
        }
        // One pass that reads bytes and writes floats. A product and a sum would be three more over the floats.
        var image = bias.addcmul(levels, scale, one);
        var label = classIndex.to(ScalarType.Int64);
        if (outside is not null)
        {
            image.masked_fill_(outside.unsqueeze(1), zero);
            label = label.masked_fill(outside, ignored);
        }
        if (!form.IsMask)
            return (image, label, null);
        label = label.unsqueeze(1);
        return (image, label.eq(one).to(ScalarType.Float32), label.ne(ignored).to(ScalarType.Float32));
    }

    // Channels are moved as bytes, a quarter of what they are as floats.
    private static Tensor Planes(Tensor pixels) => pixels.permute(0, 3, 1, 2).contiguous();

    private static (Tensor Image, Tensor Label, Tensor? Weight) MoveOut(
        DisposeScope scope, (Tensor Image, Tensor Label, Tensor? Weight) tensors)
    {
        scope.MoveToOuter(tensors.Image, tensors.Label);
        if (tensors.Weight is not null)
            scope.MoveToOuter(tensors.Weight);
        return tensors;
    }
}
