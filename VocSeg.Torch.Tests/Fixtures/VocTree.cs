using System.Buffers.Binary;
using SkiaSharp;

namespace VocSeg.Torch.Tests;

/// <summary>A VOC-shaped folder that a test fills as it likes.</summary>
internal sealed class VocTree : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly List<string> train = [];

    internal VocTree()
    {
        foreach (var name in new[] { "JPEGImages", "SegmentationClass", "ImageSets/Segmentation" })
            Directory.CreateDirectory(Path.Combine(Root, name));
    }

    internal string Parent => folder.Path;

    internal string Devkit => folder["VOCdevkit"];

    internal string Root => folder["VOCdevkit", "VOC2012"];

    internal string ImagePath(string id) => Path.Combine(Root, "JPEGImages", id + ".jpg");

    internal string LabelPath(string id) => Path.Combine(Root, "SegmentationClass", id + ".png");

    internal string ListPath(string split) => Path.Combine(Root, "ImageSets", "Segmentation", split + ".txt");

    /// <summary>A sample whose image and label say of every pixel where it stands, as far as JPEG keeps it.</summary>
    internal VocTree Add(
        string id,
        int height,
        int width,
        Func<int, int, RgbColor>? label = null,
        Func<int, int, RgbColor>? image = null)
    {
        WriteImage(ImagePath(id), height, width, image ?? Gradient(height, width));
        WriteLabel(LabelPath(id), height, width, label ?? Stripes);
        train.Add(id);
        return WriteList("train", train);
    }

    /// <summary>A sample whose headers tell of a size that its pixels do not have: enough for a catalog.</summary>
    internal VocTree AddHeaders(string id, ushort height, ushort width)
    {
        Add(id, 8, 8);
        Patch(ImagePath(id), jpeg =>
        {
            var frame = jpeg.AsSpan(jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]) + 5);
            BinaryPrimitives.WriteUInt16BigEndian(frame, height);
            BinaryPrimitives.WriteUInt16BigEndian(frame[2..], width);
        });
        Patch(LabelPath(id), png =>
        {
            BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
            BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
            BinaryPrimitives.WriteUInt32BigEndian(
                png.AsSpan(29), System.IO.Hashing.Crc32.HashToUInt32(png.AsSpan(12, 17)));
        });
        return this;

        static void Patch(string path, Action<byte[]> patch)
        {
            var bytes = File.ReadAllBytes(path);
            patch(bytes);
            File.WriteAllBytes(path, bytes);
        }
    }

    internal VocTree WriteList(string split, IEnumerable<string> ids)
    {
        File.WriteAllLines(ListPath(split), ids);
        return this;
    }

    internal static void CutInHalf(string path)
    {
        using var file = File.OpenWrite(path);
        file.SetLength(file.Length / 2);
    }

    internal static void WriteImage(string path, int height, int width, Func<int, int, RgbColor> pixel) =>
        Write(path, height, width, pixel, pixels => pixels.Encode(new SKJpegEncoderOptions(90)));

    internal static void WriteLabel(string path, int height, int width, Func<int, int, RgbColor> pixel) =>
        Write(path, height, width, pixel, pixels => pixels.Encode(SKEncodedImageFormat.Png, 100));

    /// <summary>Vertical stripes of the 21 class colours and the border colour.</summary>
    internal static RgbColor Stripes(int row, int column) =>
        (column / 3 + row / 2) % 22 is var index and < 21 ? SegmentationPalette.Voc.Colors[index] : new(224, 224, 192);

    internal static Func<int, int, RgbColor> Gradient(int height, int width) =>
        (row, column) => new((byte)(row * 255 / height), (byte)(column * 255 / width), (byte)((row + column) % 256));

    /// <summary>A catalog without the user's size cache.</summary>
    internal SampleCatalog Open(string split = "train") => SampleCatalog.FromVoc(Root, split);

    public void Dispose() => folder.Dispose();

    private static void Write(
        string path, int height, int width, Func<int, int, RgbColor> pixel, Func<SKPixmap, SKData?> encode)
    {
        var rgba = new byte[height * width * 4];
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
            {
                var color = pixel(row, column);
                var at = (row * width + column) * 4;
                (rgba[at], rgba[at + 1], rgba[at + 2], rgba[at + 3]) = (color.Red, color.Green, color.Blue, 255);
            }
        }
        WritePixels(path, height, width, rgba, encode);
    }

    private static unsafe void WritePixels(
        string path, int height, int width, byte[] rgba, Func<SKPixmap, SKData?> encode)
    {
        fixed (byte* memory = rgba)
        {
            using var pixels = new SKPixmap(
                new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul), (IntPtr)memory, width * 4);
            using var encoded = encode(pixels)!;
            File.WriteAllBytes(path, encoded.ToArray());
        }
    }
}
