using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>The places of samples of any affine map: coordinates are float64 and computed on the device.</summary>
internal static class AffinePlaces
{
    // A Scalar that only a call holds may be finalized while libtorch reads it.
    private static readonly TorchSharp.Scalar Half = 0.5;
    private static readonly TorchSharp.Scalar One = 1;

    /// <inheritdoc cref="WarpPlaces.Of"/>
    internal static WarpPlaces Of(ReadOnlySpan<WarpView> views, ImageSize frame, Device device)
    {
        using var scope = NewDisposeScope();
        var count = views.Length;
        var type = WarpPlaces.TypeOf(views);
        // Columns first, then rows: (number, 2, samples, 1, 1).
        var numbers = tensor(NumbersOf(views), ScalarType.Float64, device).view(-1, 2, count, 1, 1);
        Tensor Of(int number) => numbers.select(0, number);
        var row = arange(frame.Height, ScalarType.Float64, device).add_(Half).view(1, 1, -1, 1);
        var column = arange(frame.Width, ScalarType.Float64, device).add_(Half).view(1, 1, 1, -1);
        // In the order in which SampleGeometry computes, so that every pixel falls on the same side of every border.
        var (along, line) = (Of(0).mul(column), Of(1).mul(row).add_(Of(2)));
        var (first, last) = (Of(3), Of(4));

        var pixel = along.add(line).floor_();
        var there = pixel.clamp(first, last);
        var isBeyond = pixel.ne(there);
        var outside = isBeyond.select(0, 0).logical_or(isBeyond.select(0, 1));
        if (HavePadding(views, frame))
            outside.logical_or_(row.select(0, 0).ge(Of(6).select(0, 1))).logical_or_(column.select(0, 0).ge(Of(6).select(0, 0)));
        var labels = Place(there);

        // Beyond the centres of the outermost pixels these are repeated.
        var between = pixel.copy_(along.add(line.sub(Half))).clamp_(first, last);
        var low = between.floor().minimum(Of(5));
        var shares = between.sub_(low).to(ScalarType.Float32);
        var corners = Place(low).view(1, 1, count, frame.Height, frame.Width)
            .add(tensor(StepsOf(views), type, device).view(2, 2, count, 1, 1));
        return new WarpPlaces(labels, corners, shares.select(0, 1), shares.select(0, 0), outside).MoveToOuter(scope);

        // A float64 holds every place exactly.
        Tensor Place(Tensor at) =>
            Of(7).select(0, 0).addcmul(at.select(0, 1), Of(7).select(0, 1), One).add_(at.select(0, 0)).to(type);
    }

    private static double[] NumbersOf(ReadOnlySpan<WarpView> views)
    {
        const int Numbers = 8;
        var numbers = new double[Numbers * 2 * views.Length];
        for (var i = 0; i < views.Length; i++)
        {
            var (view, map) = (views[i], views[i].Geometry);
            var lastColumn = map.Source.Width - 1;
            ReadOnlySpan<(double OfColumns, double OfRows)> own =
            [
                (map.XX, map.YX), (map.XY, map.YY), (map.X0, map.Y0),
                // Pixels that are padded read any place that is there.
                (0, view.FirstRow), (lastColumn, view.LastRow),
                // The second of two neighbours is always the next, so the first one is never the last that there is.
                (Math.Max(lastColumn - 1, 0), Math.Max(view.LastRow - 1, view.FirstRow)),
                (map.Output.Width, map.Output.Height), (view.Start, view.Pitch),
            ];
            for (var number = 0; number < Numbers; number++)
            {
                numbers[number * 2 * views.Length + i] = own[number].OfColumns;
                numbers[(number * 2 + 1) * views.Length + i] = own[number].OfRows;
            }
        }
        return numbers;
    }

    /// <summary>From the upper left one of four neighbours to each of them.</summary>
    private static long[] StepsOf(ReadOnlySpan<WarpView> views)
    {
        var (count, steps) = (views.Length, new long[4 * views.Length]);
        for (var i = 0; i < count; i++)
        {
            var view = views[i];
            var right = view.Geometry.Source.Width > 1 ? 1 : 0;
            var down = view.LastRow > view.FirstRow ? view.Pitch : 0;
            (steps[count + i], steps[2 * count + i], steps[3 * count + i]) = (right, down, down + right);
        }
        return steps;
    }

    private static bool HavePadding(ReadOnlySpan<WarpView> views, ImageSize frame)
    {
        foreach (var view in views)
        {
            if (view.Geometry.Output != frame)
                return true;
        }
        return false;
    }
}
