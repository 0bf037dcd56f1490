using CsCheck;
using SkiaSharp;

namespace VocSeg.Torch.Tests.Decoding;

/// <summary>JPEGs that are decoded at a half, a quarter or an eighth of their sides.</summary>
public sealed class ReducedDecodingTests : IDisposable
{
    private const int Least = 8;
    private static readonly ImageReduction[] Reductions = [new(1), new(2), new(3)];

    private readonly LoadedFiles files = new();

    public static TheoryData<ImageDecoderKind> Kinds => [ImageDecoderKind.Skia, ImageDecoderKind.TurboJpeg];

    public static MatrixTheoryData<ImageDecoderKind, int> Turned =>
        new([ImageDecoderKind.Skia, ImageDecoderKind.TurboJpeg], Enumerable.Range(1, 8));

    public void Dispose() => files.Dispose();

    [Fact]
    public void The_strongest_reduction_is_taken_after_which_an_image_does_not_grow()
    {
        var taken = new int[4];
        var side = Gen.Int[1, 600];
        Gen.Select(side, side, Gen.Double[-1, 5], Gen.Double[-1, 5], Gen.Bool).Sample(
            (height, width, down, across, isExact) =>
            {
                if (isExact)
                    (down, across) = (Math.Round(down), Math.Round(across));
                var (stepDown, stepAcross) = (Math.Pow(2, down), -Math.Pow(2, across));
                var map = new SampleGeometry(new(height, width), new(7, 9)) { XX = stepAcross, YY = stepDown };

                // Output pixels for each stored one, and the least number of eighths that has as many.
                var wanted = Math.Max(1 / stepDown, -1 / stepAcross);
                var isLarge = Math.Min(height, width) >= Least;
                var eighths = new[] { 1, 2, 4 }.Where(n => isLarge && n / 8.0 >= wanted).FirstOrDefault(8);
                Assert.Equal(eighths, 8 / map.Reduction.Divisor);
                taken[map.Reduction.Halvings]++;
            },
            iter: 20_000, threads: 1);
        Assert.All(taken, count => Assert.True(count > 200));
    }

    [Fact]
    public void A_turn_and_a_shear_reduce_by_the_axis_that_shrinks_least()
    {
        var most = 0.0;
        Gen.Select(Gen.Double[0, 7], Gen.Double[0, 5], Gen.Double[0, 5], Gen.Double[0, 7]).Sample(
            (first, shrinkOne, shrinkOther, second) =>
            {
                // Any map is a turn, two factors and another turn.
                var (one, other) = (Math.Pow(2, shrinkOne), Math.Pow(2, shrinkOther));
                var ((s, c), (t, d)) = (Math.SinCos(first), Math.SinCos(second));
                var map = new SampleGeometry(new(600, 600), new(7, 9))
                {
                    XX = c * one * d - s * other * t,
                    XY = -c * one * t - s * other * d,
                    YX = s * one * d + c * other * t,
                    YY = -s * one * t + c * other * d,
                };
                var least = Math.Min(one, other);
                var nearest = Math.Log2(least) - Math.Round(Math.Log2(least));
                if (Math.Abs(nearest) < 1e-9)
                    return;
                Assert.Equal(Math.Min(3, (int)Math.Log2(least)), map.Reduction.Halvings);
                most = Math.Max(most, least);
            },
            iter: 5000, threads: 1);
        Assert.True(most > 8);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Rows_are_those_of_the_whole_reduced_image(ImageDecoderKind kind)
    {
        var decoder = Decoders.Require(kind);
        foreach (var (name, bytes, size, reduction) in Cases())
            decoder.RequireRows(files.Load(bytes), size, name, [1, 2, 7, 9], reduction);
    }

    [Fact]
    public void Both_decoders_give_what_SkiaSharp_scales_to_within_one_level()
    {
        var turbo = Decoders.Require(ImageDecoderKind.TurboJpeg);
        var skia = Decoders.Require(ImageDecoderKind.Skia);
        foreach (var (name, bytes, size, reduction) in Cases())
        {
            var file = files.Load(bytes);
            var expected = Scaled(bytes, reduction);
            Assert.Equal(expected, skia.Whole(file, size, reduction));
            var most = expected.Zip(turbo.Whole(file, size, reduction), (one, other) => Math.Abs(one - other)).Max();
            Assert.True(most <= 1, $"{name}, {reduction}: {most} levels");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_reduced_pixel_is_about_the_mean_of_those_that_it_stands_for(ImageDecoderKind kind)
    {
        var decoder = Decoders.Require(kind);
        foreach (var sampling in Enum.GetValues<SKJpegEncoderDownsample>())
        {
            foreach (var size in new ImageSize[] { new(160, 240), new(97, 141), new(375, 500) })
            {
                var smooth = SmoothJpegs.Encode(size, sampling);
                foreach (var reduction in Reductions)
                {
                    // At an eighth two pixels side by side have one colour, which is half a reduced pixel off.
                    var isPaired = sampling == SKJpegEncoderDownsample.Downsample422 && reduction.Divisor == 8;
                    var off = isPaired ? 4 * SmoothJpegs.SlopeOf(size) : 0;
                    RequireMeans($"smooth {sampling}", smooth, size, reduction, 4 + off, 0.8 + off / 2);
                }
            }
        }
        // Full-size colours of other samplings are blurred over the pixels' borders.
        foreach (var (name, bytes, size, reduction) in Cases().Where(jpeg =>
            jpeg.Name.StartsWith(nameof(SKJpegEncoderDownsample.Downsample444), StringComparison.Ordinal)))
        {
            RequireMeans(name, bytes, size, reduction, 5, 0.6);
        }

        void RequireMeans(
            string name, byte[] bytes, ImageSize size, ImageReduction reduction, double most, double onAverage)
        {
            var file = files.Load(bytes);
            var (whole, reduced) = (decoder.Whole(file, size), decoder.Whole(file, size, reduction));
            var (side, rowLength) = (reduction.Divisor, reduction.Reduce(size).Width * 3);
            var differences = new List<double>();
            for (var row = 0; row < size.Height / side; row++)
            {
                for (var at = 0; at < size.Width / side * 3; at++)
                {
                    var (column, channel) = (at / 3, at % 3);
                    var mean = Enumerable.Range(0, side * side).Average(place => (double)whole[
                        ((row * side + place / side) * size.Width + column * side + place % side) * 3 + channel]);
                    differences.Add(Math.Abs(mean - reduced[row * rowLength + at]));
                }
            }
            Assert.True(
                differences.Max() <= most && differences.Average() <= onAverage,
                $"{name}, {reduction}: {differences.Max():F2}, {differences.Average():F2}");
        }
    }

    [Theory]
    [MemberData(nameof(Turned))]
    public void Turned_images_are_those_of_the_grid(ImageDecoderKind kind, int orientation)
    {
        var decoder = Decoders.Require(kind);
        var stored = new ImageSize(147, 203);
        var file = files.Load(SmoothJpegs.Encode(stored, SKJpegEncoderDownsample.Downsample444));
        var size = ExifOrientation.Turn(stored, orientation);
        var whole = decoder.DecodeTurned(file, size, orientation, 0, size.Height).ToArray();
        foreach (var reduction in Reductions)
        {
            var grid = ImageGrid.Of(file, size, orientation, reduction);
            Assert.Equal(reduction.Reduce(size), grid.Size);
            var reduced = decoder.DecodeTurned(file, size, orientation, 0, grid.Size.Height, reduction).ToArray();
            var most = 0.0;
            for (var at = 0; at < grid.Size.Pixels; at++)
            {
                var (row, column) = (at / grid.Size.Width, at % grid.Size.Width);
                var y = (row + 0.5 - grid.Top) / grid.Scale - 0.5;
                var x = (column + 0.5 - grid.Left) / grid.Scale - 0.5;
                if (y < 0 || x < 0 || y > size.Height - 1 || x > size.Width - 1)
                    continue;
                for (var channel = 0; channel < 3; channel++)
                {
                    // A reduced pixel's centre is a corner of four.
                    double Level(double down, double across) =>
                        whole[((int)down * size.Width + (int)across) * 4 + channel];
                    var level = (Level(y, x) + Level(y + 0.5, x) + Level(y, x + 0.5) + Level(y + 0.5, x + 0.5)) / 4;
                    most = Math.Max(most, Math.Abs(level - reduced[4 * at + channel]));
                }
            }
            Assert.InRange(most, 0, 3);
            var part = decoder.DecodeTurned(file, size, orientation, 5, 9, reduction);
            Assert.True(part.SequenceEqual(reduced.AsSpan(5 * 4 * grid.Size.Width, 9 * 4 * grid.Size.Width)));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Damaged_files_are_refused_as_when_they_are_decoded_whole(ImageDecoderKind kind)
    {
        var decoder = Decoders.Require(kind);
        var random = new Random(5);
        var refused = 0;
        var tried = 0;
        foreach (var (name, bytes, size) in Jpegs.All().Where(jpeg => jpeg.Size.Holds(new(Least, Least))))
        {
            for (var i = 0; i < 120; i++)
            {
                var broken = bytes.ToArray();
                for (var j = 0; j <= i % 3; j++)
                    broken[random.Next(broken.Length)] = (byte)random.Next(256);
                Compare($"{name}, changed {i}", broken, size);
            }
            for (var length = 1; length < bytes.Length; length += length < bytes.Length - 12 ? 41 : 1)
                Compare($"{name}, {length} bytes", bytes[..length], size);
            foreach (var end in new byte[][] { [], [0xFF, 0xDD], [0xFF, 0xE0, 0, 9], [1, 2, 3, 4, 0xFF, 0xD9] })
                Compare($"{name}, other end", [.. bytes[..^2], .. end], size);
        }
        Assert.InRange(refused, tried / 10, tried * 9 / 10);

        void Compare(string name, byte[] bytes, ImageSize size)
        {
            var file = files.Load(bytes);
            var isRefused = IsRefused(decoder, file, size, default);
            foreach (var reduction in Reductions)
                Assert.True(isRefused == IsRefused(decoder, file, size, reduction), $"{name}, {reduction}");
            (refused, tried) = (refused + (isRefused ? 1 : 0), tried + 1);
        }
    }

    [Fact]
    public void Only_a_jpeg_is_reduced()
    {
        var size = new ImageSize(40, 50);
        var png = files.Load(PngWriter.Write(50, 40, PngWriter.Rgb, 8, new int[40 * 50 * 3]));
        Assert.Equal(new ImageGrid(size), ImageGrid.Of(png, size, 1, new(2)));
        Assert.Equal((7, 11), new ImageGrid(size).Rows(7, 11));
        var jpeg = files.Load(Jpegs.Encode(size));
        Assert.Equal(new ImageSize(10, 13), ImageGrid.Of(jpeg, size, 1, new(2)).Size);
    }

    private static IEnumerable<(string Name, byte[] Bytes, ImageSize Size, ImageReduction Reduction)> Cases() =>
        from jpeg in Jpegs.All()
        where jpeg.Size.Holds(new(Least, Least))
        from reduction in Reductions
        select (jpeg.Name, jpeg.Bytes, jpeg.Size, reduction);

    private static byte[] Scaled(byte[] bytes, ImageReduction reduction)
    {
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data);
        var scaled = codec.GetScaledDimensions(1f / reduction.Divisor);
        var info = new SKImageInfo(scaled.Width, scaled.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, null);
        Assert.Equal(SKCodecResult.Success, codec.GetPixels(info, out var pixels));
        return Decoders.Colors(pixels);
    }

    private static bool IsRefused(ImageDecoder decoder, EncodedFile file, ImageSize size, ImageReduction reduction)
    {
        try
        {
            decoder.DecodeRows(file, size, 0, reduction.Reduce(size).Height, reduction);
            return false;
        }
        catch (DatasetException)
        {
            return true;
        }
    }
}
