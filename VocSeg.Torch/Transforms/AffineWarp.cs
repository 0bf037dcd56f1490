using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VocSeg.Torch;

/// <summary>
/// Makes samples by any affine map: each pixel is blended of the four stored ones around its centre, eight pixels at a
/// time where the processor can gather. Not thread-safe.
/// </summary>
internal sealed unsafe class AffineWarp(HostRow row)
{
    private const int Group = 8;
    private readonly WarpScratch<float> blended = new();
    private readonly WarpScratch<byte> classes = new();
    private readonly WarpScratch<int> places = new();
    private readonly (WarpScratch<int> Places, WarpScratch<float> Shares) columns = (new(), new());
    private readonly (WarpScratch<int> Places, WarpScratch<float> Shares) rows = (new(), new());

    /// <inheritdoc cref="HostWarp.Write"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Write(
        in WarpSource source, in SampleGeometry geometry, in ColorMatrix color, in WarpTarget target)
    {
        var output = geometry.Output;
        var pitch = (output.Width + 15) / 16 * 16;
        var pixels = new BlendedRow(blended.Of(3 * pitch), pitch, classes.Of(pitch));
        var classPlaces = places.Of(pitch);
        // Two neighbours are read at once, so there must be two.
        var canGather = Avx2.IsSupported && source.Image.Size.Width > 1 && source.Size.Pixels < int.MaxValue;
        for (var at = 0; at < output.Height; at++)
        {
            var (first, end) = geometry.InsideColumns(at);
            if (first == end)
            {
                row.Pad(target, at, 0, output.Width);
                continue;
            }
            if (canGather)
            {
                Gather(source, geometry, at, first, end, pixels, classPlaces);
                PickClasses(source, classPlaces, end - first, pixels.ClassIndices);
            }
            else
            {
                Read(source, geometry, at, first, end, pixels);
            }
            row.Pad(target, at, 0, first);
            row.Write(pixels, color, target, at, first, end - first);
            row.Pad(target, at, end, output.Width);
        }
    }

    private void Gather(
        in WarpSource source, in SampleGeometry geometry, int at, int first, int end, BlendedRow into, int* classPlaces)
    {
        var (across, down) = (Of(columns, end - first), Of(rows, end - first));
        var image = source.Image;
        across.Find(
            geometry.XX, geometry.XY * (at + 0.5) + geometry.X0, image.Scale, image.Left, image.Size.Width, 2, first,
            end);
        down.Find(
            geometry.YX, geometry.YY * (at + 0.5) + geometry.Y0, image.Scale, image.Top, image.Size.Height, 1, first,
            end);
        Gather(source, across, down, end - first, into, classPlaces);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(
        in WarpSource source, Axis across, Axis down, int count, BlendedRow into, int* classPlaces)
    {
        var image = source.Image.Size;
        var (width, lastRow) = (Vector256.Create(image.Width), Vector256.Create(image.Height - 1));
        var classWidth = Vector256.Create(source.Size.Width);
        var stored = (long*)source.Pixels;
        for (var at = 0; at < count; at += Group)
        {
            var classPixels = Vector256.Load(down.Pixels + at) * classWidth + Vector256.Load(across.Pixels + at);
            classPixels.Store(classPlaces + at);
            Vector256<int> left = Vector256.Load(across.Least + at), top = Vector256.Load(down.Least + at);
            var upper = top * width + left;
            var lower = Vector256.Min(top + Vector256<int>.One, lastRow) * width + left;
            var (upperLeft, upperRight) = Apart(Pairs(stored, upper.GetLower()), Pairs(stored, upper.GetUpper()));
            var (lowerLeft, lowerRight) = Apart(Pairs(stored, lower.GetLower()), Pairs(stored, lower.GetUpper()));
            Vector256<float> x = Vector256.Load(across.Shares + at), y = Vector256.Load(down.Shares + at);
            Blend(upperLeft, upperRight, lowerLeft, lowerRight, 0, x, y).Store(into.Red + at);
            Blend(upperLeft, upperRight, lowerLeft, lowerRight, 8, x, y).Store(into.Green + at);
            Blend(upperLeft, upperRight, lowerLeft, lowerRight, 16, x, y).Store(into.Blue + at);
        }
    }

    /// <summary>Four pixels with their right neighbours.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> Pairs(long* stored, Vector128<int> places) =>
        Avx2.GatherVector256(stored, places, HostWarp.BytesPerPixel);

    /// <summary>The left ones and the right ones of eight pairs of neighbours.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<uint> Left, Vector256<uint> Right) Apart(Vector256<long> low, Vector256<long> high)
    {
        Vector256<float> first = low.AsSingle(), last = high.AsSingle();
        const byte Even = 0b10_00_10_00, Odd = 0b11_01_11_01, InOrder = 0b11_01_10_00;
        return (
            Avx2.Permute4x64(Avx.Shuffle(first, last, Even).AsUInt64(), InOrder).AsUInt32(),
            Avx2.Permute4x64(Avx.Shuffle(first, last, Odd).AsUInt64(), InOrder).AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Blend(
        Vector256<uint> upperLeft, Vector256<uint> upperRight, Vector256<uint> lowerLeft, Vector256<uint> lowerRight,
        int shift, Vector256<float> across, Vector256<float> down)
    {
        Vector256<float> left = Level(upperLeft, shift), leftBelow = Level(lowerLeft, shift);
        var upper = left + (Level(upperRight, shift) - left) * across;
        var lower = leftBelow + (Level(lowerRight, shift) - leftBelow) * across;
        return upper + (lower - upper) * down;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Level(Vector256<uint> pixels, int shift) =>
        Vector256.ConvertToSingle(((pixels >>> shift) & Vector256.Create(0xFFu)).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PickClasses(in WarpSource source, int* places, int count, byte* into)
    {
        var from = source.Class(0);
        var step = source.ClassIndices == 0 ? HostWarp.BytesPerPixel : 1;
        for (var at = 0; at < count; at++)
            into[at] = from[(nint)places[at] * step];
    }

    /// <summary>One pixel after the other.</summary>
    private static void Read(
        in WarpSource source, in SampleGeometry geometry, int at, int first, int end, BlendedRow into)
    {
        double x0 = geometry.XY * (at + 0.5) + geometry.X0, y0 = geometry.YY * (at + 0.5) + geometry.Y0;
        var step = source.ClassIndices == 0 ? HostWarp.BytesPerPixel : 1;
        var (image, size) = (source.Image, source.Image.Size);
        for (var column = first; column < end; column++)
        {
            double x = geometry.XX * (column + 0.5) + x0, y = geometry.YX * (column + 0.5) + y0;
            into.ClassIndices[column - first] = source.Class((int)y)[(nint)(int)x * step];
            double px = Math.Clamp(x * image.Scale + (image.Left - 0.5), 0, size.Width - 1);
            double py = Math.Clamp(y * image.Scale + (image.Top - 0.5), 0, size.Height - 1);
            int left = (int)px, top = (int)py;
            int right = Math.Min(left + 1, size.Width - 1);
            int bottom = Math.Min(top + 1, size.Height - 1);
            float across = (float)(px - left), down = (float)(py - top);
            byte* a = source.Pixel(top, left), b = source.Pixel(top, right);
            byte* c = source.Pixel(bottom, left), d = source.Pixel(bottom, right);
            into.Red[column - first] = Blend(a[0], b[0], c[0], d[0]);
            into.Green[column - first] = Blend(a[1], b[1], c[1], d[1]);
            into.Blue[column - first] = Blend(a[2], b[2], c[2], d[2]);

            float Blend(float a, float b, float c, float d)
            {
                float upper = a + (b - a) * across, lower = c + (d - c) * across;
                return upper + (lower - upper) * down;
            }
        }
    }

    private static Axis Of((WarpScratch<int> Places, WarpScratch<float> Shares) memory, int count)
    {
        var pixels = memory.Places.Of(2 * count + Group);
        return new(pixels, pixels + count + Group, memory.Shares.Of(count));
    }

    /// <summary>The stored columns, or the stored rows, of a row of the batch.</summary>
    /// <param name="pixels">The ones that the centres are in.</param>
    /// <param name="least">The first ones of the two that are blended.</param>
    /// <param name="shares">The shares of the second ones.</param>
    private readonly struct Axis(int* pixels, int* least, float* shares)
    {
        internal readonly int* Pixels = pixels;
        internal readonly int* Least = least;
        internal readonly float* Shares = shares;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        internal void Find(
            double slope, double start, double scale, double before, int length, int neighbours, int first, int end)
        {
            var most = Vector128.Create(length - neighbours);
            // Behind the last pixel it is repeated.
            var (next, last) = (Vector256.Create(0.5, 1.5, 2.5, 3.5), Vector256.Create(end - 0.5));
            var (factor, origin) = (Vector256.Create(slope), Vector256.Create(start));
            var (share, shift) = (Vector256.Create(scale), Vector256.Create(before - 0.5));
            var edge = Vector256.Create(length - 1.0);
            for (var column = first; column < first + (end - first + Group - 1) / Group * Group; column += 4)
            {
                var place = factor * Vector256.Min(Vector256.Create((double)column) + next, last) + origin;
                Avx.ConvertToVector128Int32WithTruncation(place).Store(Pixels + column - first);
                // Beyond the centres of the outermost pixels these are repeated.
                place = Vector256.Min(Vector256.Max(place * share + shift, Vector256<double>.Zero), edge);
                var low = Vector128.Min(Avx.ConvertToVector128Int32WithTruncation(place), most);
                low.Store(Least + column - first);
                Avx.ConvertToVector128Single(place - Avx.ConvertToVector256Double(low)).Store(Shares + column - first);
            }
        }
    }
}
