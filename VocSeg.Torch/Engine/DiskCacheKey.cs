using System.Globalization;
using System.IO.Hashing;
using SkiaSharp;

namespace VocSeg.Torch;

/// <summary>
/// What the pixels of a disk cache depend on. The samples, the meaning of labels and the decoder give the file its
/// name; lengths and times of the samples' files stand in it, so that a change of one replaces the file.
/// </summary>
internal sealed class DiskCacheKey
{
    /// <param name="list">What the samples are of, such as train; the beginning of the file's name.</param>
    /// <param name="samples">The samples, each pair of files once.</param>
    /// <param name="options">Palette and decoder.</param>
    internal DiskCacheKey(string list, IReadOnlyList<SegmentationSample> samples, VocSegDatasetOptions options)
    {
        Samples = Hash(writer =>
        {
            foreach (var sample in samples)
            {
                writer.Write(sample.ImagePath);
                writer.Write(sample.LabelPath ?? "");
                writer.Write(sample.Size.Height);
                writer.Write(sample.Size.Width);
                writer.Write(sample.Orientation);
            }
        });
        Labels = Hash(writer => Write(writer, options.Palette));
        Decoder = Hash(writer => writer.Write(NameOf(options.Decoder)));
        var name = Hash(writer =>
        {
            writer.Write(Samples);
            writer.Write(Labels);
            writer.Write(Decoder);
        });
        List = string.Concat(list.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-').Take(40));
        FileName = string.Create(CultureInfo.InvariantCulture, $"{List}-{name:x16}{DiskCacheFormat.Ending}");
    }

    /// <summary>The beginning of the names of all files of samples of this list.</summary>
    internal string List { get; }

    internal string FileName { get; }

    /// <summary>Which files the samples are, of which size, and how they are turned.</summary>
    internal ulong Samples { get; }

    /// <summary>Which class index a value of a label becomes.</summary>
    internal ulong Labels { get; }

    /// <summary>The libraries that decode.</summary>
    internal ulong Decoder { get; }

    /// <summary>Length and time of a file; those of the file that a link leads to.</summary>
    /// <returns>Zeros where there is no such file.</returns>
    internal static FileStamp StampOf(string? path)
    {
        if (path is null || path.Contains('\0'))
            return default;
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && (file.Attributes & FileAttributes.ReparsePoint) != 0)
                file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return file.Exists ? new(file.Length, file.LastWriteTimeUtc.Ticks) : default;
        }
        catch (Exception error) when (DatasetException.IsOfFile(error))
        {
            return default;
        }
    }

    // Names of classes are not here: they change no pixel.
    private static void Write(BinaryWriter writer, SegmentationPalette palette)
    {
        writer.Write(palette.IgnoreIndex);
        writer.Write((int)palette.UnknownColor);
        writer.Write((int)palette.LabelEncoding);
        writer.Write(palette.Colors.Length);
        foreach (var color in palette.Colors)
            writer.Write(color.TableIndex);
        writer.Write(palette.FurtherColors.Length);
        foreach (var (color, index) in palette.FurtherColors)
        {
            writer.Write(color.TableIndex);
            writer.Write(index);
        }
        writer.Write(palette.IgnoreColors.Length);
        foreach (var color in palette.IgnoreColors)
            writer.Write(color.TableIndex);
        writer.Write(palette.IndexMap?.ToString() ?? "");
    }

    // Two decoders may be a level apart, and so may two generations of one.
    private static string NameOf(ImageDecoderKind kind)
    {
        var version = kind == ImageDecoderKind.Skia ? 0 : TurboJpegDecoder.Version;
        var jpeg = version switch { 0 => "", 2 => "TurboJPEG 2 ", _ => "TurboJPEG 3 " };
        return jpeg + typeof(SKCodec).Assembly.GetName().Version;
    }

    private static ulong Hash(Action<BinaryWriter> write)
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        write(writer);
        writer.Flush();
        return XxHash3.HashToUInt64(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }
}

/// <summary>How a file is known again: its length in bytes and the time of its last change in ticks.</summary>
internal readonly record struct FileStamp(long Length, long Time);
