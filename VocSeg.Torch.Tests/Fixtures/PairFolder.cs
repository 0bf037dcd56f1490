namespace VocSeg.Torch.Tests;

/// <summary>A folder of images and index labels in whatever places, whose every pixel a test can name.</summary>
internal sealed class PairFolder : IDisposable
{
    private readonly TempFolder folder = new();

    /// <summary>How many pixels of each value have been written into labels.</summary>
    internal long[] Histogram { get; } = new long[256];

    internal string Path => folder.Path;

    internal string this[string path] => System.IO.Path.Combine([folder.Path, .. path.Split('/')]);

    /// <summary>The colour of a pixel of an image with a number.</summary>
    internal static RgbColor Color(int number, int row, int column) =>
        new((byte)(number * 50 + row * 7), (byte)(column * 11 + row), (byte)(200 - number - row * column));

    /// <summary>The value of a pixel of a label with a number: the first classes, and 255 in a corner.</summary>
    internal static int Value(int number, int row, int column, int classes) =>
        row + column == 0 ? 255 : (number + row * 3 + column / 2) % classes;

    /// <summary>An image, and a label of values below a number of classes where a path is given for it.</summary>
    internal PairFolder Add(
        string image, string? label = null, int number = 1, int height = 6, int width = 8, int classes = 3)
    {
        WriteImage(Make(image), number, height, width);
        return label is null
            ? this
            : Label(label, height, width, (row, column) => Value(number, row, column, classes));
    }

    /// <summary>A label: an 8-bit gray PNG file.</summary>
    internal PairFolder Label(string path, int height, int width, Func<int, int, int> value)
    {
        var values = new int[height * width];
        for (var at = 0; at < values.Length; at++)
        {
            values[at] = value(at / width, at % width);
            Histogram[values[at]]++;
        }
        File.WriteAllBytes(Make(path), PngWriter.Write(width, height, PngWriter.Gray, 8, values));
        return this;
    }

    internal PairFolder Bytes(string path, byte[] bytes)
    {
        File.WriteAllBytes(Make(path), bytes);
        return this;
    }

    internal PairFolder List(string path, params string[] lines)
    {
        File.WriteAllLines(Make(path), lines);
        return this;
    }

    /// <summary>The pixels of the PNG image with a number, as <see cref="SegmentationSample.ReadImage"/> gives them.</summary>
    internal static byte[] Pixels(int number, int height, int width) =>
        [.. Enumerable.Range(0, height * width).SelectMany(at =>
            Color(number, at / width, at % width) is var color ? new byte[] { color.Red, color.Green, color.Blue, 255 } : [])];

    public void Dispose() => folder.Dispose();

    private string Make(string path)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[path])!);
        return this[path];
    }

    private static void WriteImage(string path, int number, int height, int width)
    {
        if (System.IO.Path.GetExtension(path).ToUpperInvariant() is ".JPG" or ".JPEG")
        {
            VocTree.WriteImage(path, height, width, (row, column) => Color(number, row, column));
            return;
        }
        int[] samples =
        [
            .. Enumerable.Range(0, height * width).SelectMany(at =>
                Color(number, at / width, at % width) is var color ? new int[] { color.Red, color.Green, color.Blue } : []),
        ];
        File.WriteAllBytes(path, PngWriter.Write(width, height, PngWriter.Rgb, 8, samples));
    }
}
