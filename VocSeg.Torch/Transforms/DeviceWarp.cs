using TorchSharp;
using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>Where an image or a label lies in flat memory on the device.</summary>
/// <param name="Start">The place of its first pixel, or where that would lie if all rows were there.</param>
/// <param name="Pitch">The pixels from one row to the next.</param>
/// <param name="First">The first row that is there.</param>
/// <param name="Last">The last row that is there.</param>
internal readonly record struct FlatRows(long Start, int Pitch, int First, int Last);

/// <summary>Where a sample lies in flat memory on the device, and what is done to it.</summary>
/// <param name="Rows">Where its label lies, and its image as well, unless that is reduced.</param>
/// <param name="Geometry">Which of its pixels go where.</param>
/// <param name="Color">What becomes of their colours.</param>
internal readonly record struct WarpView(FlatRows Rows, SampleGeometry Geometry, ColorMatrix Color)
{
    /// <summary>Where its image lies, which is decoded smaller than the label; null where both lie alike.</summary>
    internal (FlatRows Rows, ImageGrid Grid)? Reduced { get; init; }

    /// <summary>Where its image lies, and where the image's pixels lie in the sample.</summary>
    internal (FlatRows Rows, ImageGrid Grid) Image => Reduced ?? (Rows, new(Geometry.Source));

    /// <summary>The place of the first pixel of a crop that lies within its image.</summary>
    internal long CropStart => Rows.Start + (long)Geometry.Top * Rows.Pitch + Geometry.Left;
}

/// <summary>
/// Makes training tensors of pixels, a whole batch at once and on the device: a gather cuts the crops, then come the
/// normalization and, where labels are colours, the lookup of the class indices.
/// </summary>
internal sealed class DeviceWarp : IDisposable
{
    /// <summary>
    /// The pixels of a batch that are made at once where samples are not plain crops. The coordinates of as many take
    /// 168 MB, and all that is only needed meanwhile below 1.5 GB. 64 samples of 320x480 are less.
    /// </summary>
    internal const long MostPixels = 10 << 20;

    private readonly BatchForm form;
    private readonly Device device;
    private readonly long mostPixels;
    private readonly ColorLookup lookup;
    private readonly DeviceColor color;
    private readonly Tensor? cropRows;
    private readonly Tensor? cropColumns;
    // A Scalar that only a call holds may be finalized while libtorch reads it; a sum without a factor makes one.
    private readonly Scalar one = 1;
    private readonly Scalar zero = 0;
    private readonly Scalar ignored;

    /// <param name="form">What the tensors of a batch hold.</param>
    /// <param name="palette">Which colour is which class.</param>
    /// <param name="device">Where the tensors are made.</param>
    /// <param name="crop">
    /// The size of crops that lie within their images; null where there are other samples too.
    /// </param>
    /// <param name="mostPixels">How many pixels are made at once.</param>
    internal DeviceWarp(
        BatchForm form, SegmentationPalette palette, Device device, ImageSize? crop, long mostPixels = MostPixels)
    {
        (this.form, this.device, this.mostPixels) = (form, device, mostPixels);
        lookup = ColorLookup.Acquire(palette, device);
        color = new(form, device);
        ignored = form.IgnoreIndex;
        if (crop is not { } size)
            return;
        using var scope = NewDisposeScope();
        cropRows = scope.Detach(Numbers(size.Height).view(1, -1, 1));
        cropColumns = scope.Detach(Numbers(size.Width).view(1, 1, -1));

        Tensor Numbers(int count) => tensor([.. Enumerable.Range(0, count)], ScalarType.Int32, device);
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
        var start = tensor(starts, ScalarType.Int32, device).view(-1, 1, 1);
        var width = tensor(widths, ScalarType.Int32, device).view(-1, 1, 1);
        var places = cropRows!.mul(width).add_(start, one).add(cropColumns!, one).flatten();
        return MoveOut(scope, Finish(
            color.Image(Planes(Cut(images)).narrow(1, 0, 3)), lookup.ToClassIndex(Cut(labels)), outside: null));

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
        return MoveOut(scope, Finish(color.Image(planes.narrow(1, 0, 3)), planes.select(1, 3), outside: null));
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
        return MoveOut(scope, Warp(
            places => onDevice.index_select(0, places).t(),
            places => lookup.ToClassIndex(colors.index_select(0, places)),
            views,
            frame));
    }

    /// <summary>Samples of any geometry and colour, out of packed pixels.</summary>
    /// <param name="gathered">
    /// Gives the pixels at some places of flat memory: uint8 (4, places), red, green, blue and class index; on the
    /// device.
    /// </param>
    /// <param name="views">Where the samples lie.</param>
    /// <param name="frame">The size of the batch.</param>
    /// <returns>The tensors of a batch, in the caller's dispose scope.</returns>
    internal (Tensor Image, Tensor Label, Tensor? Weight) WarpPacked(
        Func<Tensor, Tensor> gathered, ReadOnlySpan<WarpView> views, ImageSize frame) =>
        Warp(gathered, null, views, frame);

    public void Dispose()
    {
        lookup.Dispose();
        color.Dispose();
        cropRows?.Dispose();
        cropColumns?.Dispose();
        foreach (var scalar in new[] { one, zero, ignored })
            scalar.Dispose();
    }

    /// <param name="gathered">Gives the pixels at some places: uint8 (4, places).</param>
    /// <param name="classes">
    /// Gives the class indices at some places; null where they are the fourth of the pixels.
    /// </param>
    /// <param name="views">Where the samples lie.</param>
    /// <param name="frame">The size of the batch.</param>
    private (Tensor Image, Tensor Label, Tensor? Weight) Warp(
        Func<Tensor, Tensor> gathered, Func<Tensor, Tensor>? classes, ReadOnlySpan<WarpView> views, ImageSize frame)
    {
        using var scope = NewDisposeScope();
        var parts = (int)Math.Min(views.Length, (views.Length * frame.Pixels + mostPixels - 1) / mostPixels);
        if (parts == 1)
            return MoveOut(scope, Part(gathered, classes, views, frame));
        var made = new (Tensor Image, Tensor Label, Tensor? Weight)[parts];
        for (var part = 0; part < parts; part++)
        {
            int first = part * views.Length / parts, end = (part + 1) * views.Length / parts;
            made[part] = Part(gathered, classes, views[first..end], frame);
        }
        return MoveOut(scope, (
            cat(Array.ConvertAll(made, part => part.Image)),
            cat(Array.ConvertAll(made, part => part.Label)),
            form.IsMask ? cat(Array.ConvertAll(made, part => part.Weight!)) : null));
    }

    private (Tensor Image, Tensor Label, Tensor? Weight) Part(
        Func<Tensor, Tensor> gathered, Func<Tensor, Tensor>? classes, ReadOnlySpan<WarpView> views, ImageSize frame)
    {
        using var scope = NewDisposeScope();
        var places = WarpPlaces.Of(views, frame, device);
        var pixels = classes is null || places.Corners is null ? gathered(places.Labels.flatten()) : null;
        var classIndex = classes?.Invoke(places.Labels.flatten()) ?? pixels!.select(0, 3);
        var levels = places.Corners is null
            ? pixels!.narrow(0, 0, 3).view(3, views.Length, frame.Height, frame.Width).permute(1, 0, 2, 3).contiguous()
            : Blend(gathered(places.Corners.flatten()), places);
        return MoveOut(scope, Finish(
            color.Image(levels, views), classIndex.view(places.Labels.shape), places.Outside));
    }

    /// <summary>Blends uint8 (4, places) to float32 (samples, 3, height, width).</summary>
    private Tensor Blend(Tensor pixels, WarpPlaces places)
    {
        using var scope = NewDisposeScope();
        var shape = places.Labels.shape;
        var (count, height, width) = (shape[0], shape[1], shape[2]);
        // (above and below, left and right, sample, channel, row, column), as a float and in this order in one pass.
        var levels = empty([2, 2, count, 3, height, width], ScalarType.Float32, device).copy_(
            pixels.narrow(0, 0, 3).view(3, 2, 2, count, height, width).permute(1, 2, 3, 0, 4, 5));
        var rows = levels.select(1, 0).lerp(levels.select(1, 1), places.Across!.unsqueeze(1));
        return scope.MoveToOuter(rows.select(0, 0).lerp(rows.select(0, 1), places.Down!.unsqueeze(1)));
    }

    /// <summary>Makes a batch of images and class indices.</summary>
    /// <param name="image">float32 (crops, channels, height, width).</param>
    /// <param name="classIndex">(crops, height, width): bytes or int64.</param>
    /// <param name="outside">bool (crops, height, width): what is padded; null where nothing is.</param>
    private (Tensor Image, Tensor Label, Tensor? Weight) Finish(Tensor image, Tensor classIndex, Tensor? outside)
    {
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

    /// <summary>The tensors of a batch, moved out of a dispose scope.</summary>
    internal static (Tensor Image, Tensor Label, Tensor? Weight) MoveOut(
        DisposeScope scope, (Tensor Image, Tensor Label, Tensor? Weight) tensors)
    {
        scope.MoveToOuter(tensors.Image, tensors.Label);
        if (tensors.Weight is not null)
            scope.MoveToOuter(tensors.Weight);
        return tensors;
    }
}
