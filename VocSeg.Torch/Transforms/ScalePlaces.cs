using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// The places of samples whose rows come from rows and whose columns come from columns. Rows and columns are found on
/// the host, a few numbers each, and put together on the device.
/// </summary>
internal static class ScalePlaces
{
    // A sum without a factor of its own takes a Scalar that may be finalized while libtorch reads it.
    private static readonly TorchSharp.Scalar One = 1;

    /// <inheritdoc cref="WarpPlaces.Of"/>
    internal static WarpPlaces Of(ReadOnlySpan<WarpView> views, ImageSize frame, Device device)
    {
        using var scope = NewDisposeScope();
        var (rows, columns) = (new Lines(views.Length, frame.Height), new Lines(views.Length, frame.Width));
        var isBlended = false;
        for (var i = 0; i < views.Length; i++)
        {
            var (stored, map) = (views[i].Rows, views[i].Geometry);
            isBlended |= !map.IsMoved;
            rows.Find(
                i, map.YY, map.Y0, map.Output.Height, map.Source.Height, (stored.First, stored.Last),
                stored.Pitch, stored.Start);
            columns.Find(i, map.XX, map.X0, map.Output.Width, map.Source.Width, (0, map.Source.Width - 1), 1, 0);
        }
        var type = WarpPlaces.TypeOf(views);
        var labels = tensor(rows.Pixels, type, device).view(views.Length, -1, 1)
            .add(tensor(columns.Pixels, type, device).view(views.Length, 1, -1), One);
        var outside = rows.HasOutside || columns.HasOutside
            ? tensor(rows.Outside, ScalarType.Bool, device).view(views.Length, -1, 1)
                .logical_or(tensor(columns.Outside, ScalarType.Bool, device).view(views.Length, 1, -1))
            : null;
        if (!isBlended)
            return new WarpPlaces(labels, null, null, null, outside).MoveToOuter(scope);
        var down = tensor(rows.Shares, ScalarType.Float32, device).view(views.Length, -1, 1);
        var across = tensor(columns.Shares, ScalarType.Float32, device).view(views.Length, 1, -1);
        var corners = tensor(rows.Neighbours, type, device).view(2, 1, views.Length, -1, 1)
            .add(tensor(columns.Neighbours, type, device).view(1, 2, views.Length, 1, -1), One);
        return new WarpPlaces(labels, corners, down, across, outside).MoveToOuter(scope);
    }

    /// <summary>The stored rows, or the stored columns, of all samples.</summary>
    private sealed class Lines(int samples, int length)
    {
        internal readonly long[] Pixels = new long[samples * length];
        internal readonly long[] Neighbours = new long[2 * samples * length];
        internal readonly float[] Shares = new float[samples * length];
        internal readonly bool[] Outside = new bool[samples * length];

        internal bool HasOutside { get; private set; }

        /// <param name="sample">The sample.</param>
        /// <param name="slope">Stored lines for each line of the batch.</param>
        /// <param name="start">Where the first one begins.</param>
        /// <param name="output">The lines of the sample in the batch.</param>
        /// <param name="stored">The lines of the stored sample.</param>
        /// <param name="there">The first and the last that can be read.</param>
        /// <param name="pitch">The pixels from one to the next.</param>
        /// <param name="origin">The place of the first one.</param>
        internal void Find(
            int sample, double slope, double start, int output, int stored, (int First, int Last) there, int pitch,
            long origin)
        {
            for (int line = 0, at = sample * length; line < length; line++, at++)
            {
                var place = slope * (line + 0.5) + start;
                var isOutside = line >= output || !(place >= 0 && place < stored);
                (Outside[at], HasOutside) = (isOutside, HasOutside || isOutside);
                // Lines that are padded read one that is there.
                var between = isOutside ? there.First : Math.Clamp(place - 0.5, 0, stored - 1);
                var first = (int)between;
                Pixels[at] = origin + (isOutside ? there.First : (long)place) * pitch;
                Neighbours[at] = origin + (long)first * pitch;
                Neighbours[samples * length + at] = origin + (long)Math.Min(first + 1, there.Last) * pitch;
                Shares[at] = (float)(between - first);
            }
        }
    }
}
