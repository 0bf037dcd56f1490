using System.Globalization;

namespace VocSeg.Torch.Tests.Transforms;

/// <summary>
/// Against what torchvision makes of the same pixels, where both do the same: golden.txt, which golden.py writes.
/// </summary>
public sealed unsafe class GoldenTests
{
    // torchvision rounds or truncates to whole levels; what is above one is float32's.
    private const double OneLevel = 1.001;

    private static string GoldenFile => Path.Combine(AppContext.BaseDirectory, "Transforms", "golden.txt");

    private static readonly Line[] Lines =
    [
        .. File.ReadLines(GoldenFile)
            .Where(line => line[0] != '#').Select(line => new Line(line.Split(' '))),
    ];

    private static readonly byte[] Pixels =
        [.. Lines[0].Bytes.Chunk(3).SelectMany(color => new[] { color[0], color[1], color[2], (byte)0 })];

    private static readonly byte[] Classes = Lines[1].Bytes;
    private static readonly ImageSize Size = Lines[0].Size;

    public static TheoryData<int> Cases => [.. Enumerable.Range(2, Lines.Length - 2)];

    [Fact]
    public void The_file_says_what_made_it_and_has_every_kind_of_case()
    {
        var header = File.ReadLines(GoldenFile).First();
        Assert.Matches(@"^# torchvision \d+\.\d+\.\d+, torch \d+\.\d+\.\d+", header);
        Assert.Equal(
            [
                "affine", "affine-label", "brightness", "gray", "horizontal-flip", "image", "label", "resize",
                "resize-label", "rotate", "rotate-label", "saturation", "vertical-flip",
            ],
            Lines.Select(line => line.Name).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Ours_is_within_a_level_and_exact_where_nothing_is_blended(int number)
    {
        var golden = Lines[number];
        var (map, color) = Draw(golden);
        Assert.Equal(golden.Size, map.Output);
        var (image, label) = Warp(map, color);
        var (isExact, compared) = (golden.Name.EndsWith("-flip", StringComparison.Ordinal), 0);
        // torchvision blends with what lies outside where it turns, and goes on with the outermost pixels elsewhere.
        var isWhole = golden.Name is not ("affine" or "rotate");
        for (var row = 0; row < golden.Size.Height; row++)
        {
            for (var column = 0; column < golden.Size.Width; column++)
            {
                var at = row * golden.Size.Width + column;
                var source = map.ToSource(row + 0.5, column + 0.5);
                if (golden.Name.EndsWith("-label", StringComparison.Ordinal))
                {
                    // float32 and a half to even decide there.
                    if (IsNearBorder(source.Row) || IsNearBorder(source.Column))
                        continue;
                    Assert.Equal(golden.Bytes[at], label[at]);
                    compared++;
                }
                else if (isWhole || HasFourNeighbours(source))
                {
                    for (var channel = 0; channel < 3; channel++)
                    {
                        var level = image[at + channel * map.Output.Pixels] * 255.0;
                        Assert.Equal(golden.Bytes[3 * at + channel], level, isExact ? 1e-4 : OneLevel);
                    }
                    compared++;
                }
            }
        }
        Assert.True(compared >= golden.Size.Pixels / 4, $"only {compared} pixels of {golden.Size} were compared");

        static bool HasFourNeighbours((double Row, double Column) place) =>
            IsBetween(place.Row, Size.Height) && IsBetween(place.Column, Size.Width);

        static bool IsBetween(double place, int length) => place >= 0.5 && place <= length - 0.5;

        static bool IsNearBorder(double place) => Math.Abs(place - Math.Round(place)) < 1e-4;
    }

    private static (SampleGeometry Map, ColorMatrix Color) Draw(Line golden)
    {
        var numbers = golden.Numbers;
        var (geometry, color) = (new SampleGeometry(Size, Size), ColorMatrix.Identity);
        var random = new SampleRandom(0, 0, 0);
        switch (golden.Name)
        {
            case "horizontal-flip":
                new RandomHorizontalFlip(1).Draw(ref geometry, ref color, ref random);
                break;
            case "vertical-flip":
                new RandomVerticalFlip(1).Draw(ref geometry, ref color, ref random);
                break;
            case "resize" or "resize-label":
                new Resize(golden.Size).Draw(ref geometry, ref color, ref random);
                break;
            case "affine" or "affine-label":
                var shear = (numbers[4], numbers[5]);
                geometry = RandomAffine.Move(geometry, numbers[0], numbers[1], numbers[2], numbers[3], shear);
                break;
            case "rotate" or "rotate-label":
                geometry = RandomRotation.Turn(geometry, numbers[0]);
                break;
            case "brightness":
                color = ColorMatrix.Brightness(numbers[0]);
                break;
            case "saturation":
                color = ColorMatrix.Saturation(numbers[0]);
                break;
            case "gray":
                new RandomGrayscale(1).Draw(ref geometry, ref color, ref random);
                break;
            default:
                Assert.Fail($"golden.txt has an unknown case '{golden.Name}'");
                break;
        }
        return (geometry, color);
    }

    private static (float[] Image, long[] Label) Warp(SampleGeometry map, ColorMatrix color)
    {
        var (image, label) = (new float[3 * map.Output.Pixels], new long[map.Output.Pixels]);
        fixed (byte* pixels = Pixels, classes = Classes)
        fixed (float* toImage = image)
        fixed (long* toLabel = label)
        {
            new HostWarp(new(new VocSegDatasetOptions { Normalization = Normalization.None })).Write(
                new((IntPtr)pixels, (IntPtr)classes, Size),
                map,
                color,
                new((IntPtr)toImage, (IntPtr)toLabel, 0, map.Output));
        }
        return (image, label);
    }

    private sealed class Line(string[] parts)
    {
        internal string Name => parts[0];

        internal double[] Numbers { get; } = parts[1] == "-" ? []
            : [.. parts[1].Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];

        internal ImageSize Size { get; } =
            new(int.Parse(parts[2], CultureInfo.InvariantCulture), int.Parse(parts[3], CultureInfo.InvariantCulture));

        internal byte[] Bytes { get; } = Convert.FromBase64String(parts[4]);
    }
}
