using TorchSharp;
using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// Finds, on the device and for a whole batch at once, which stored pixels the pixels of a batch are made of, and blends
/// them.
/// </summary>
internal sealed class AffineGather : IDisposable
{
    private const int Numbers = 12;
    private readonly Device device;
    // A Scalar that only a call holds may be finalized while libtorch reads it.
    private readonly Scalar zero = 0;
    private readonly Scalar half = 0.5;
    private readonly Scalar one = 1;
    private readonly Scalar white = 255;

    private readonly Tensor? cropRows;
    private readonly Tensor? cropColumns;

    /// <param name="device">Where the pixels are.</param>
    /// <param name="crop">The size of crops that lie within their images; null where there are other samples too.</param>
    internal AffineGather(Device device, ImageSize? crop)
    {
        this.device = device;
        if (crop is not { } size)
            return;
        using var scope = NewDisposeScope();
        cropRows = scope.Detach(arange(size.Height, ScalarType.Int32, device).view(1, -1, 1));
        cropColumns = scope.Detach(arange(size.Width, ScalarType.Int32, device).view(1, 1, -1));
    }

    /// <summary>The place of every pixel of crops that lie within their images.</summary>
    /// <param name="starts">The place of the first pixel of each crop.</param>
    /// <param name="widths">The pixels in a row of the image of each crop.</param>
    /// <returns>int32 (crops * height * width), in the caller's dispose scope.</returns>
    internal Tensor PlacesOf(long[] starts, int[] widths)
    {
        using var scope = NewDisposeScope();
        var start = tensor(starts, ScalarType.Int32, device).view(-1, 1, 1);
        var width = tensor(widths, ScalarType.Int32, device).view(-1, 1, 1);
        return scope.MoveToOuter(cropRows!.mul(width).add_(start).add(cropColumns!).flatten());
    }

    /// <summary>Samples of any geometry and colour.</summary>
    /// <param name="gathered">Gives the pixels at some places: uint8 (4, places), red, green and blue first.</param>
    /// <param name="views">Where the samples lie.</param>
    /// <param name="frame">The size of the batch.</param>
    /// <returns>
    /// Levels: (samples, 3, height, width), bytes or float32. LabelPlaces: int64 (samples, height, width), the place of the
    /// stored pixel that has each pixel's class. Outside: bool (samples, height, width), the pixels that are padded. All in
    /// the caller's dispose scope.
    /// </returns>
    internal (Tensor Levels, Tensor LabelPlaces, Tensor Outside) Warp(
        Func<Tensor, Tensor> gathered, ReadOnlySpan<WarpView> views, ImageSize frame)
    {
        using var scope = NewDisposeScope();
        var numbers = tensor(NumbersOf(views), ScalarType.Float64, device).view(views.Length, -1, 1, 1);
        Tensor Of(int place) => numbers.select(1, place);
        var row = arange(frame.Height, ScalarType.Float64, device).add_(half).view(1, -1, 1);
        var column = arange(frame.Width, ScalarType.Float64, device).add_(half).view(1, 1, -1);
        // In the order in which SampleGeometry computes, so that every pixel falls on the same side of every border.
        var x = Of(0).mul(column).add(Of(1).mul(row).add(Of(2)));
        var y = Of(3).mul(column).add(Of(4).mul(row).add(Of(5)));
        var (width, height, pitch, start) = (Of(6), Of(7), Of(8), Of(9));
        var outside = x.lt(zero).logical_or_(x.ge(width)).logical_or_(y.lt(zero)).logical_or_(y.ge(height))
            .logical_or_(row.ge(Of(12))).logical_or_(column.ge(Of(13)));
        var (lastColumn, lastRow) = (width.sub(one), height.sub(one));
        var (firstStaged, lastStaged) = (Of(10), Of(11));

        // Pixels that are padded read any place that is there.
        Tensor Place(Tensor atRow, Tensor atColumn) =>
            atRow.maximum(firstStaged).minimum(lastStaged).mul(pitch).add_(atColumn).add_(start).to(ScalarType.Int64);
        var labelPlaces = Place(y.floor(), x.floor().clamp_min(zero).minimum(lastColumn));

        var count = views.Length;
        Tensor Pixels(Tensor places) =>
            gathered(places.flatten()).narrow(0, 0, 3).reshape(3, count, frame.Height, frame.Width);
        Tensor levels;
        if (AreCrops(views))
        {
            levels = Pixels(labelPlaces);
        }
        else
        {
            // Beyond the centres of the outermost pixels these are repeated.
            Tensor px = x.sub(half).clamp_min(zero).minimum(lastColumn), py = y.sub(half).clamp_min(zero).minimum(lastRow);
            Tensor left = px.floor(), top = py.floor();
            Tensor right = left.add(one).minimum(lastColumn), bottom = top.add(one).minimum(lastRow);
            var across = px.sub(left).to(ScalarType.Float32);
            var upper = Blend(Level(top, left), Level(top, right), across);
            var lower = Blend(Level(bottom, left), Level(bottom, right), across);
            levels = Blend(upper, lower, py.sub(top).to(ScalarType.Float32));

            Tensor Level(Tensor atRow, Tensor atColumn) =>
                Pixels(Place(atRow, atColumn)).to(ScalarType.Float32);
        }
        levels = levels.permute(1, 0, 2, 3);
        if (HaveColor(views))
            levels = Recolor(levels, views);
        return scope.MoveToOuter(levels, labelPlaces, outside);
    }

    public void Dispose()
    {
        cropRows?.Dispose();
        cropColumns?.Dispose();
        foreach (var scalar in new[] { zero, half, one, white })
            scalar.Dispose();
    }

    private Tensor Blend(Tensor from, Tensor to, Tensor share) => from.addcmul(to.sub(from), share, one);

    private Tensor Recolor(Tensor levels, ReadOnlySpan<WarpView> views)
    {
        var numbers = new float[views.Length * Numbers];
        for (var i = 0; i < views.Length; i++)
        {
            var (red, green, blue, constant) = views[i].Color;
            ReadOnlySpan<float> own =
            [
                red.R, green.R, blue.R, red.G, green.G, blue.G, red.B, green.B, blue.B, constant.R, constant.G, constant.B,
            ];
            own.CopyTo(numbers.AsSpan(i * Numbers));
        }
        var matrix = tensor(numbers, ScalarType.Float32, device).view(views.Length, 4, 3, 1, 1);
        // Not by a product of matrices, which a GPU may be set to compute in less than float32.
        var recolored = matrix.select(1, 0).mul(levels.narrow(1, 0, 1));
        recolored = recolored.addcmul_(matrix.select(1, 1), levels.narrow(1, 1, 1).to(ScalarType.Float32), one);
        recolored = recolored.addcmul_(matrix.select(1, 2), levels.narrow(1, 2, 1).to(ScalarType.Float32), one);
        return recolored.add_(matrix.select(1, 3)).clamp_(zero, white);
    }

    private static double[] NumbersOf(ReadOnlySpan<WarpView> views)
    {
        const int Length = 14;
        var numbers = new double[views.Length * Length];
        for (var i = 0; i < views.Length; i++)
        {
            var (view, map) = (views[i], views[i].Geometry);
            ReadOnlySpan<double> own =
            [
                map.XX, map.XY, map.X0, map.YX, map.YY, map.Y0, map.Source.Width, map.Source.Height, view.Pitch, view.Start,
                view.FirstRow, view.LastRow, map.Output.Height, map.Output.Width,
            ];
            own.CopyTo(numbers.AsSpan(i * Length));
        }
        return numbers;
    }

    private static bool AreCrops(ReadOnlySpan<WarpView> views)
    {
        foreach (var view in views)
        {
            if (!view.Geometry.IsCrop)
                return false;
        }
        return true;
    }

    private static bool HaveColor(ReadOnlySpan<WarpView> views)
    {
        foreach (var view in views)
        {
            if (!view.Color.IsIdentity)
                return true;
        }
        return false;
    }
}
