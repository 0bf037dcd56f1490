using System.Buffers.Binary;
using SkiaSharp;

namespace VocSeg.Torch.Tests.Decoding;

public sealed class ImageHeaderTests : IDisposable
{
    private readonly LoadedFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void Every_kind_of_jpeg_tells_its_size()
    {
        foreach (var (name, bytes, size) in Jpegs.All())
            Assert.True(new ImageHeader(size, 1, ImageFormat.Jpeg) == Read(bytes), name);
    }

    [Fact]
    public void Other_formats_tell_their_size()
    {
        var size = new ImageSize(5, 7);
        Assert.Equal(new(size, 1, ImageFormat.Png), Read(PngWriter.Write(7, 5, PngWriter.Rgb, 8, new int[7 * 5 * 3])));
        Assert.Equal(
            new(size, 1, ImageFormat.Png), Read(InterlacedPng.Write(7, 5, PngWriter.Gray, 8, new int[35], [])));
        foreach (var (format, bytes) in OtherFormats.Images(size))
            Assert.Equal(new(size, 1, format), Read(bytes));
    }

    [Fact]
    public void Real_images_and_labels_tell_the_size_that_skia_tells()
    {
        foreach (var path in Directory.EnumerateFiles(RealVoc.Require(), "*.*g", SearchOption.AllDirectories))
        {
            using var codec = SKCodec.Create(path);
            var header = ImageHeader.Read(path, long.MaxValue);
            Assert.Equal(new ImageSize(codec.Info.Height, codec.Info.Width), header.Size);
            Assert.Equal((int)codec.EncodedOrigin, header.Orientation);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Orientation_is_read_as_skia_reads_it(bool little)
    {
        for (var orientation = 0; orientation <= 9; orientation++)
        {
            var expected = orientation is 0 or 9 ? 1 : orientation;
            var exif = Exif.Orientation(orientation, little);
            var jpeg = Exif.InJpeg(TinyJpegs.Baseline, exif);
            Assert.Equal(new(new(32, 48), expected, ImageFormat.Jpeg), Read(jpeg));
            using var data = SKData.CreateCopy(jpeg);
            using var codec = SKCodec.Create(data);
            Assert.Equal(expected, (int)codec.EncodedOrigin);
            Assert.Equal(expected, Read(Exif.InPng(PngWriter.Write(1, 1, PngWriter.Gray, 8, [7]), exif)).Orientation);
        }
    }

    [Fact]
    public void The_first_exif_counts_and_other_application_segments_do_not()
    {
        var inner = Exif.InJpeg(TinyJpegs.Baseline, Exif.Orientation(6, little: true));
        Assert.Equal(3, Read(Exif.InJpeg(inner, Exif.Orientation(3, little: false))).Orientation);
        Assert.Equal(6, Read(Exif.WithSegment(inner, 0xE1, "http://ns.adobe.com/xap/1.0/\0<x/>"u8)).Orientation);
    }

    [Fact]
    public void Damaged_exif_is_none()
    {
        var exif = Exif.Orientation(6, little: false);
        Assert.Equal(6, ExifOrientation.Read(exif));
        for (var length = 0; length < 34; length++)
            Assert.Equal(1, ExifOrientation.Read(exif.AsSpan(0, length)));
        Assert.Equal(1, ExifOrientation.Read(Exif.Orientation(6, little: false, type: 4)));
        foreach (var offset in new[] { 0, 7, 9, 33, 37, 38, int.MaxValue, -1, int.MinValue })
        {
            var moved = exif.ToArray();
            BinaryPrimitives.WriteInt32BigEndian(moved.AsSpan(4), offset);
            Assert.InRange(ExifOrientation.Read(moved), 1, 8);
            Assert.InRange(Read(Exif.InJpeg(TinyJpegs.Baseline, moved)).Orientation, 1, 8);
        }
        var many = exif.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(many.AsSpan(8), ushort.MaxValue);
        Assert.Equal(6, ExifOrientation.Read(many));
        BinaryPrimitives.WriteUInt16BigEndian(many.AsSpan(22), 0x0113); // no such tag, up to the end
        Assert.Equal(1, ExifOrientation.Read(many));
    }

    [Theory]
    [InlineData(1, 5000)]
    [InlineData(1, 65533)]
    [InlineData(12, 65533)]
    [InlineData(40, 65533)]
    public void A_header_behind_long_segments_is_found(int segments, int length)
    {
        var bytes = Exif.InJpeg(TinyJpegs.Baseline, Exif.Orientation(8, little: true));
        for (var i = 0; i < segments; i++)
            bytes = Exif.WithSegment(bytes, 0xE2, new byte[length]);
        Assert.Equal(new(new(32, 48), 8, ImageFormat.Jpeg), Read(bytes));
        bytes = [.. bytes[..2], 0xFF, 0xFF, 0xFF, .. bytes[2..]];
        Assert.Equal(new(new(32, 48), 8, ImageFormat.Jpeg), Read(bytes));
    }

    [Theory]
    [InlineData(30000, 30000, 1 << 28, "30000 x 30000 = 900000000 pixels (width x height), more than the 268435456")]
    [InlineData(24000, 24000, 1 << 28, "24000 x 24000 = 576000000 pixels")]
    [InlineData(65500, 65500, 1 << 28, "65500 x 65500 = 4290250000 pixels")]
    [InlineData(48, 32, 1535, "48 x 32 = 1536 pixels (width x height), more than the 1535 that MaxPixels allows")]
    [InlineData(0, 32, 1 << 28, "32 x 0|0 x 32|not a JPEG, PNG")]
    [InlineData(32, 0, 1 << 28, "32 x 0|0 x 32|not a JPEG, PNG")]
    public void Too_many_pixels_or_none_are_refused_by_the_header(int width, int height, long most, string message)
    {
        foreach (var bytes in new[] { HugeHeaders.Jpeg(height, width), HugeHeaders.Png(height, width) })
        {
            files.Load(bytes);
            var error = Assert.Throws<DatasetException>(() => ImageHeader.Read(files.Path, most));
            Assert.Equal(files.Path, error.Path);
            Assert.Contains(message.Split('|'), part => error.Message.Contains(part, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void As_many_pixels_as_are_allowed_pass()
    {
        files.Load(TinyJpegs.Baseline);
        Assert.Equal(new(32, 48), ImageHeader.Read(files.Path, 32 * 48).Size);
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    public void A_png_of_sizes_beyond_the_format_is_refused(int width)
    {
        files.Load(HugeHeaders.Png(4, width));
        Assert.Contains($"{(uint)width} x 4 pixels", Refusal(files.Path, long.MaxValue), StringComparison.Ordinal);
    }

    [Fact]
    public void The_largest_png_is_no_overflow()
    {
        files.Load(HugeHeaders.Png(int.MaxValue, int.MaxValue));
        Assert.Contains("= 4611686014132420609 pixels", Refusal(files.Path, 1 << 28), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_start_of_a_file_is_read_or_refused()
    {
        var jpeg = Exif.InJpeg(TinyJpegs.Progressive, Exif.Orientation(5, little: true));
        foreach (var bytes in new[] { jpeg, PngWriter.Write(7, 5, PngWriter.Rgb, 8, new int[105]) })
        {
            for (var length = 1; length < bytes.Length; length++)
            {
                files.Load(bytes.AsSpan(0, length));
                if (Record.Exception(() => ImageHeader.Read(files.Path, long.MaxValue)) is { } error)
                    Assert.Equal(files.Path, Assert.IsType<DatasetException>(error).Path);
            }
        }
    }

    [Fact]
    public void What_is_no_file_is_no_header()
    {
        using var folder = new TempFolder();
        Assert.Contains("folder", Refusal(folder.Path, 1), StringComparison.Ordinal);
        Assert.Contains("no such file", Refusal(folder["a.jpg"], 1), StringComparison.Ordinal);
        files.Load("no image"u8);
        Assert.Contains("not a JPEG, PNG", Refusal(files.Path, 1), StringComparison.Ordinal);
        foreach (var order in (byte[][])[[.. "II*\0"u8], [.. "MM\0*"u8]])
        {
            files.Load([.. order, 8, 0, 0, 0, 1, 2, 3]);
            Assert.Contains("TIFF files are not read", Refusal(files.Path, 1), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(ImageDecoderKind.Skia)]
    [InlineData(ImageDecoderKind.TurboJpeg)]
    public void An_image_beyond_what_memory_holds_in_one_piece_is_refused(ImageDecoderKind kind)
    {
        var decoder = Decoders.Require(kind);
        var size = new ImageSize(24000, 24000);
        foreach (var bytes in new[] { HugeHeaders.Jpeg(24000, 24000), HugeHeaders.Png(24000, 24000) })
        {
            var file = files.Load(bytes);
            var error = Assert.Throws<DatasetException>(() => decoder.DecodeRows(file, size, 0, 24000));
            Assert.Contains(
                $"2304000000 bytes, more than the {Array.MaxLength}", error.Message, StringComparison.Ordinal);
            var sample = new SegmentationSample("a", files.Path, files.Path, size);
            Assert.Equal("a", Assert.Throws<DatasetException>(sample.ReadImage).SampleId);
            var turned = sample with { Orientation = 6 };
            Assert.Equal("a", Assert.Throws<DatasetException>(turned.ReadImage).SampleId);
            using var worker = new SampleWorker(new() { Decoder = kind }, size.Pixels);
            Assert.Equal("a", Assert.Throws<DatasetException>(() => Packed(worker, sample)).SampleId);
        }

        static unsafe bool Packed(SampleWorker worker, SegmentationSample sample) =>
            worker.DecodePacked(sample) != null;
    }

    private static string Refusal(string path, long maxPixels) =>
        Assert.Throws<DatasetException>(() => ImageHeader.Read(path, maxPixels)).Message;

    private ImageHeader Read(byte[] bytes)
    {
        files.Load(bytes);
        return ImageHeader.Read(files.Path, long.MaxValue);
    }
}
