using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>The places of samples of any affine map: coordinates are float64 and computed on the device.</summary>
internal static class AffinePlaces
{
    // A Scalar that only a call holds may be finalized while libtorch reads it; a sum without a factor makes one.
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
        var (row, column) = (Centres(frame.Height).view(1, 1, -1, 1), Centres(frame.Width).view(1, 1, 1, -1));
        // In the order in which SampleGeometry computes, so that every pixel falls on the same side of every border.
        var (along, line) = (Of(0).mul(column), Of(1).mul(row).add_(Of(2), One));
        var (first, last) = (Of(3), Of(4));

        var pixel = along.add(line, One).floor_();
        var there = pixel.clamp(first, last);
        var isBeyond = pixel.ne(there);
        var outside = isBeyond.select(0, 0).logical_or(isBeyond.select(0, 1));
        if (HavePadding(views, frame))
        {
            outside.logical_or_(row.select(0, 0).ge(Of(6).select(0, 1)))
                .logical_or_(column.select(0, 0).ge(Of(6).select(0, 0)));
        }
        var labels = Place(there, Of(7));

        // Beyond the centres of the outermost pixels these are repeated.
        var between = AreReduced(views)
            ? along.mul(Of(8)).add(line.mul(Of(8)).add_(Of(9), One), One).clamp_(Of(10), Of(11))
            : along.add(line.sub(Half), One).clamp_(first, last);
        var low = between.floor().minimum(Of(5));
        var shares = between.sub_(low).to(ScalarType.Float32);
        var corners = Place(low, Of(12)).view(1, 1, count, frame.Height, frame.Width)
            .add(tensor(StepsOf(views), type, device).view(2, 2, count, 1, 1), One);
        return new WarpPlaces(labels, corners, shares.select(0, 1), shares.select(0, 0), outside).MoveToOuter(scope);

        // A float64 holds every place exactly.
        Tensor Place(Tensor at, Tensor start) =>
            start.select(0, 0).addcmul(at.select(0, 1), start.select(0, 1), One).add_(at.select(0, 0), One).to(type);

        Tensor Centres(int length)
        {
            var centres = new double[length];
            for (var i = 0; i < length; i++)
                centres[i] = i + 0.5;
            return tensor(centres, ScalarType.Float64, device);
        }
    }

    private static double[] NumbersOf(ReadOnlySpan<WarpView> views)
    {
        const int Numbers = 13;
        var numbers = new double[Numbers * 2 * views.Length];
        for (var i = 0; i < views.Length; i++)
        {
            var (view, map) = (views[i], views[i].Geometry);
            var (label, lastColumn) = (view.Rows, map.Source.Width - 1);
            var (image, grid) = view.Image;
            ReadOnlySpan<(double OfColumns, double OfRows)> own =
            [
                (map.XX, map.YX), (map.XY, map.YY), (map.X0, map.Y0),
                // Pixels that are padded read any place that is there.
                (0, label.First), (lastColumn, label.Last),
                // The second of two neighbours is always the next, so the first one is never the last that there is.
                (Math.Max(grid.Size.Width - 2, 0), Math.Max(image.Last - 1, image.First)),
                (map.Output.Width, map.Output.Height), (label.Start, label.Pitch),
                (grid.Scale, grid.Scale), (grid.Left - 0.5, grid.Top - 0.5),
                (0, image.First), (grid.Size.Width - 1, image.Last), (image.Start, image.Pitch),
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
            var (image, grid) = views[i].Image;
            var right = grid.Size.Width > 1 ? 1 : 0;
            var down = image.Last > image.First ? image.Pitch : 0;
            (steps[count + i], steps[2 * count + i], steps[3 * count + i]) = (right, down, down + right);
        }
        return steps;
    }

    private static bool AreReduced(ReadOnlySpan<WarpView> views)
    {
        foreach (var view in views)
        {
            if (view.Reduced is not null)
                return true;
        }
        return false;
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
