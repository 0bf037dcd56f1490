using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VocSeg.Torch;

/// <summary>
/// Makes samples whose rows come from rows and whose columns come from columns: scaled, moved, flipped. Two stored rows
/// are blended as they lie in memory; of the result each pixel takes two neighbours, by tables that are made once a
/// sample. Not thread-safe.
/// </summary>
internal sealed unsafe class ScaleWarp(HostRow row)
{
    private const int Group = 8;
    private readonly WarpScratch<float> stored = new();
    private readonly WarpScratch<float> blended = new();
    private readonly WarpScratch<byte> classes = new();
    private readonly WarpScratch<int> places = new();
    private readonly WarpScratch<float> shares = new();
    private Columns columns;

    /// <summary>Writes a sample, unless its columns lie too far apart for this way.</summary>
    /// <returns>Whether it did.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal bool TryWrite(
        in WarpSource source, in SampleGeometry geometry, in ColorMatrix color, in WarpTarget target)
    {
        if (!TryFindColumns(source, geometry))
            return false;
        var (output, size) = (geometry.Output, source.Size);
        var between = Row(stored.Of(3 * columns.StoredPitch), columns.StoredPitch);
        var pixels = Row(blended.Of(3 * columns.Pitch), columns.Pitch);
        var classesFrom = -1;
        for (var at = 0; at < output.Height; at++)
        {
            var y = geometry.YY * (at + 0.5) + geometry.Y0;
            if (columns.Count == 0 || !(y >= 0 && y < size.Height))
            {
                row.Pad(target, at, 0, output.Width);
                continue;
            }
            // Beyond the centres of the outermost rows these are repeated.
            var py = Math.Clamp(y - 0.5, 0, size.Height - 1);
            var top = (int)py;
            var bottom = Math.Min(top + 1, size.Height - 1);
            BlendRows(
                source.Pixel(top, columns.Least), source.Pixel(bottom, columns.Least),
                (float)(py - top), columns.Most - columns.Least + 1, between);
            BlendColumns(between, pixels);
            if ((int)y != classesFrom)
                PickClasses(source, classesFrom = (int)y, pixels.ClassIndices);
            row.Pad(target, at, 0, columns.First);
            row.Write(pixels, color, target, at, columns.First, columns.Count);
            row.Pad(target, at, columns.First + columns.Count, output.Width);
        }
        return true;
    }

    private BlendedRow Row(float* planes, int pitch) =>
        new(planes, pitch, classes.Of(columns.Pitch));

    private bool TryFindColumns(in WarpSource source, in SampleGeometry geometry)
    {
        var (first, end) = geometry.InsideColumns();
        var count = end - first;
        var pitch = (count + 15) / 16 * 16;
        var table = places.Of(3 * pitch);
        columns = new()
        {
            First = first,
            Count = count,
            Pitch = pitch,
            Classes = table,
            Places = table + pitch,
            Bases = table + 2 * pitch,
            Shares = shares.Of(pitch),
        };
        if (count == 0)
            return true;
        var step = source.ClassIndices == 0 ? HostWarp.BytesPerPixel : 1;
        var lastColumn = source.Size.Width - 1;
        for (var at = 0; at < pitch; at++)
        {
            // A whole group is computed always; behind the last pixel it is repeated.
            var x = geometry.XX * (first + Math.Min(at, count - 1) + 0.5) + geometry.X0;
            var px = Math.Clamp(x - 0.5, 0, lastColumn);
            columns.Classes[at] = (int)x * step;
            columns.Places[at] = (int)px;
            columns.Shares[at] = (float)(px - (int)px);
        }
        int one = columns.Places[0], other = columns.Places[count - 1];
        columns.Least = Math.Min(one, other);
        columns.Most = Math.Min(Math.Max(one, other) + 1, lastColumn);
        columns.StoredPitch = (columns.Most - columns.Least + 1 + 15) / 16 * 16 + 16;
        return !Avx2.IsSupported || TryGroup();
    }

    /// <summary>Makes places relative to the least one of their group. Sixteen stored columns must hold all of a group.</summary>
    private bool TryGroup()
    {
        for (var at = 0; at < columns.Pitch; at += Group)
        {
            var group = columns.Places + at;
            var least = Math.Min(group[0], group[Group - 1]);
            if (Math.Max(group[0], group[Group - 1]) - least > 2 * Group - 2)
                return false;
            for (var i = 0; i < Group; i++)
                group[i] -= least;
            columns.Bases[at / Group] = least - columns.Least;
        }
        return true;
    }

    private static void BlendRows(byte* upper, byte* lower, float share, int count, BlendedRow into)
    {
        for (var channel = 0; channel < 3; channel++)
        {
            BlendRows(
                new StoredPixels(upper, null), new StoredPixels(lower, null), channel, share, count,
                into.Red + channel * into.Pitch);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BlendRows(
        StoredPixels upper, StoredPixels lower, int channel, float share, int count, float* into)
    {
        var down = Vector512.Create(share);
        var last = count - Vector512<uint>.Count;
        for (var start = 0; start < count && last >= 0; start += Vector512<uint>.Count)
        {
            // The last pixels are computed together with some before them.
            var at = Math.Min(start, last);
            var above = upper.Levels(channel, at);
            (above + (lower.Levels(channel, at) - above) * down).Store(into + at);
        }
        for (var at = 0; at < count && last < 0; at++)
        {
            var above = upper.Level(channel, at);
            into[at] = above + (lower.Level(channel, at) - above) * share;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BlendColumns(BlendedRow from, BlendedRow into)
    {
        var own = columns;
        if (!Avx2.IsSupported)
        {
            for (var at = 0; at < own.Count; at++)
            {
                var (place, share) = (own.Places[at] - own.Least, own.Shares[at]);
                into.Red[at] = from.Red[place] + (from.Red[place + 1] - from.Red[place]) * share;
                into.Green[at] = from.Green[place] + (from.Green[place + 1] - from.Green[place]) * share;
                into.Blue[at] = from.Blue[place] + (from.Blue[place + 1] - from.Blue[place]) * share;
            }
            return;
        }
        for (var at = 0; at < own.Count; at += Group)
        {
            var (left, share) = (Vector256.Load(own.Places + at), Vector256.Load(own.Shares + at));
            var start = own.Bases[at / Group];
            BlendGroup(from.Red + start, left, share).StoreAligned(into.Red + at);
            BlendGroup(from.Green + start, left, share).StoreAligned(into.Green + at);
            BlendGroup(from.Blue + start, left, share).StoreAligned(into.Blue + at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> BlendGroup(float* from, Vector256<int> left, Vector256<float> share)
    {
        Vector256<float> low = Vector256.Load(from), high = Vector256.Load(from + Group);
        var lefts = Pick(low, high, left);
        return lefts + (Pick(low, high, left + Vector256<int>.One) - lefts) * share;
    }

    /// <summary>Eight of sixteen values, by their places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pick(Vector256<float> low, Vector256<float> high, Vector256<int> places) =>
        Avx512F.VL.IsSupported
            ? Avx512F.VL.PermuteVar8x32x2(low, places, high)
            : Avx.BlendVariable(
                Avx2.PermuteVar8x32(low, places), Avx2.PermuteVar8x32(high, places), (places << 28).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PickClasses(in WarpSource source, int sourceRow, byte* into)
    {
        byte* from = source.Class(sourceRow);
        int* table = columns.Classes;
        var count = columns.Count;
        for (var at = 0; at < count; at++)
            into[at] = from[table[at]];
    }

    /// <summary>Which stored columns the columns of a sample are made of.</summary>
    private struct Columns
    {
        /// <summary>The first column that lies within the stored sample, and how many do.</summary>
        internal int First, Count;

        /// <summary>The least and the last stored column that is blended.</summary>
        internal int Least, Most;

        /// <summary>The length of a plane of the sample's row and of the stored row.</summary>
        internal int Pitch, StoredPitch;

        /// <summary>Where the class index lies in a stored row, in bytes.</summary>
        internal int* Classes;

        /// <summary>The left one of two stored columns; with AVX2 seen from the base of each group of eight.</summary>
        internal int* Places;

        internal int* Bases;

        /// <summary>The share of the right one.</summary>
        internal float* Shares;
    }
}
