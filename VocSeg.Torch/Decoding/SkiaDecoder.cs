using System.Runtime.InteropServices;
using SkiaSharp;

namespace VocSeg.Torch;

/// <summary>Decodes JPEG, PNG and what else SkiaSharp reads. Not thread-safe; one per worker.</summary>
/// <param name="largePixels">The pixels above which the decoding of an image can be stopped.</param>
internal sealed class SkiaDecoder(long largePixels = ImageDecoder.LargePixels) : ImageDecoder
{
    private byte[] whole = [];

    /// <summary>The header of an image of any format.</summary>
    /// <exception cref="DatasetException">The file is no image.</exception>
    internal static ImageHeader ReadHeader(EncodedFile file)
    {
        using var data = SKData.Create(file.Address, file.Length);
        using var codec = SKCodec.Create(data) ?? throw NotAnImage(file);
        var format = codec.EncodedFormat switch
        {
            SKEncodedImageFormat.Jpeg => ImageFormat.Jpeg,
            SKEncodedImageFormat.Png => ImageFormat.Png,
            SKEncodedImageFormat.Webp => ImageFormat.Webp,
            SKEncodedImageFormat.Bmp => ImageFormat.Bmp,
            SKEncodedImageFormat.Gif => ImageFormat.Gif,
            _ => ImageFormat.Other,
        };
        return new(SizeOf(codec), (int)codec.EncodedOrigin, format);
    }

    internal override void DecodeRows(
        EncodedFile file, ImageSize size, int top, int rows, Span<byte> pixels, ImageReduction reduction = default)
    {
        var decoded = reduction.Reduce(size);
        RequireRows(decoded, top, rows, BytesPerPixel, pixels.Length);
        NativeLibraries.RequireSkia();
        using var data = SKData.Create(file.Address, file.Length);
        using var codec = (size.Pixels > largePixels ? SKCodec.Create(new StoppableStream(file)) : SKCodec.Create(data))
            ?? throw NotAnImage(file);
        if (SizeOf(codec) != size)
        {
            throw file.Error(
                DatasetFault.Size,
                $"the image is {SizeOf(codec)} (height x width), {size} was expected; the file changed after the "
                + "catalog was read.");
        }
        // Decoding by rows comes first: SkiaSharp 4 reports a truncated progressive JPEG only there, not when it
        // decodes the image at once.
        var info = ExactInfo(decoded);
        if (TryDecodeRows(file, codec, info, top, rows, pixels))
            return;
        if (rows == decoded.Height)
        {
            DecodeWhole(file, codec, info, pixels);
            return;
        }
        var stride = decoded.Width * BytesPerPixel;
        Grow(file, ref whole, (long)decoded.Height * stride);
        DecodeWhole(file, codec, info, whole);
        whole.AsSpan(top * stride, rows * stride).CopyTo(pixels);
    }

    private static unsafe void DecodeWhole(EncodedFile file, SKCodec codec, SKImageInfo info, Span<byte> pixels)
    {
        fixed (byte* to = pixels)
        {
            var result = codec.GetPixels(info, (IntPtr)to, info.RowBytes, SKCodecOptions.Default);
            if (result != SKCodecResult.Success)
                throw NotDecoded(file, result);
        }
    }

    /// <returns>False where the codec gives no rows, as for a PNG, or none of this image.</returns>
    private static unsafe bool TryDecodeRows(
        EncodedFile file, SKCodec codec, SKImageInfo info, int top, int rows, Span<byte> pixels)
    {
        if (codec.EncodedFormat != SKEncodedImageFormat.Jpeg)
            return false;
        var result = codec.StartScanlineDecode(info, SKCodecOptions.Default);
        if (result == SKCodecResult.Unimplemented)
            return false;
        if (result != SKCodecResult.Success)
            throw NotDecoded(file, result);
        if (top > 0 && !codec.SkipScanlines(top))
            throw NotDecoded(file, SKCodecResult.IncompleteInput);
        var rowsAtOnce = Math.Max(1, LargePixels / info.Width);
        fixed (byte* to = pixels)
        {
            for (var row = 0; row < rows; row += rowsAtOnce)
            {
                file.Cancellation.ThrowIfCancellationRequested();
                var count = Math.Min(rowsAtOnce, rows - row);
                if (codec.GetScanlines((IntPtr)(to + (long)row * info.RowBytes), count, info.RowBytes) != count)
                    throw NotDecoded(file, SKCodecResult.IncompleteInput);
            }
        }
        return true;
    }

    // A colour space would change values; unpremultiplied keeps colours exact where a label has alpha.
    private static SKImageInfo ExactInfo(ImageSize size) =>
        new(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, null);

    private static ImageSize SizeOf(SKCodec codec) => new(codec.Info.Height, codec.Info.Width);

    private static DatasetException NotAnImage(EncodedFile file)
    {
        file.Cancellation.ThrowIfCancellationRequested();
        var isTiff = file.Bytes.StartsWith("II*\0"u8) || file.Bytes.StartsWith("MM\0*"u8);
        return file.Error(
            DatasetFault.Damaged,
            isTiff
                ? "TIFF files are not read; convert it to PNG, which keeps every pixel."
                : "not a JPEG, PNG, WebP or BMP image that can be read; put a sound file in its place, or take its id "
                    + "out of the list.");
    }

    private static DatasetException NotDecoded(EncodedFile file, SKCodecResult result)
    {
        file.Cancellation.ThrowIfCancellationRequested();
        var what = result switch
        {
            SKCodecResult.IncompleteInput => "the file is cut short",
            SKCodecResult.ErrorInInput or SKCodecResult.InvalidInput => "the file is damaged or cut short",
            _ => "the image cannot be decoded",
        };
        return file.Error(
            DatasetFault.Damaged,
            $"{what} ({result}); put a sound file in its place, or take its id out of the list.");
    }

    /// <summary>
    /// The bytes of a file. After cancellation there are none, which ends the decoding. SkiaSharp's own managed stream
    /// throws into native code when a damaged file asks for more than 2 GiB.
    /// </summary>
    private sealed unsafe class StoppableStream(EncodedFile file) : SKAbstractManagedStream
    {
        private nint position;

        protected override nint OnRead(nint buffer, nint size)
        {
            var count = OnPeek(buffer, size);
            position += count;
            return count;
        }

        // SkiaSharp passes no buffer where it only skips bytes.
        protected override nint OnPeek(nint buffer, nint size)
        {
            var count = OnIsAtEnd() ? 0 : (nint)Math.Min((nuint)size, (nuint)(file.Length - position));
            if (buffer != 0)
                NativeMemory.Copy((byte*)file.Address + position, (void*)buffer, (nuint)count);
            return count;
        }

        protected override bool OnIsAtEnd() => position >= file.Length || file.Cancellation.IsCancellationRequested;

        protected override bool OnHasPosition() => true;

        protected override bool OnHasLength() => true;

        protected override bool OnRewind() => OnSeek(0);

        protected override nint OnGetPosition() => position;

        protected override nint OnGetLength() => file.Length;

        protected override bool OnSeek(nint to)
        {
            position = (nint)Math.Min((nuint)to, (nuint)file.Length);
            return true;
        }

        protected override bool OnMove(int offset) => OnSeek(Math.Max(0, position + offset));

        protected override nint OnCreateNew() => 0;
    }
}
