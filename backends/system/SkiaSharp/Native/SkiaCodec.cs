using System.Runtime.InteropServices;

namespace SkiaSharp;

/// <summary>libskia_codec: see codec.h.</summary>
internal static unsafe partial class SkiaCodec
{
    private const string Library = "skia_codec";

    [StructLayout(LayoutKind.Sequential)]
    public struct Info
    {
        public int Width, Height, Format, Color, Alpha, Origin, HasProfile;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Request
    {
        public int Color, Alpha, Width, Height, SubsetX, SubsetWidth;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Image
    {
        public void* Pixels;
        public nuint RowBytes;
        public int Width, Height, Color, Alpha;
    }

    [LibraryImport(Library, EntryPoint = "skia_codec_open")]
    public static partial SKCodecResult Open(void* data, nuint size, IntPtr* codec, Info* info);

    [LibraryImport(Library, EntryPoint = "skia_codec_close")]
    public static partial void Close(IntPtr codec);

    [LibraryImport(Library, EntryPoint = "skia_codec_decode")]
    public static partial SKCodecResult Decode(IntPtr codec, Request* request, void* pixels, nuint rowBytes, int keepRest);

    [LibraryImport(Library, EntryPoint = "skia_codec_start_rows")]
    public static partial SKCodecResult StartRows(IntPtr codec, Request* request);

    [LibraryImport(Library, EntryPoint = "skia_codec_get_rows")]
    public static partial int GetRows(IntPtr codec, Request* request, void* pixels, int count, nuint rowBytes, int keepRest);

    [LibraryImport(Library, EntryPoint = "skia_codec_skip_rows")]
    public static partial int SkipRows(IntPtr codec, int count);

    [LibraryImport(Library, EntryPoint = "skia_encode_jpeg")]
    public static partial int EncodeJpeg(Image* image, int quality, int downsample, int blendOnBlack, IntPtr* bytes, nuint* length);

    [LibraryImport(Library, EntryPoint = "skia_encode_png")]
    public static partial int EncodePng(Image* image, int filters, int level, int isSrgb, IntPtr* bytes, nuint* length);

    [LibraryImport(Library, EntryPoint = "skia_memory_new")]
    public static partial void* NewMemory(nuint size);

    [LibraryImport(Library, EntryPoint = "skia_memory_free")]
    public static partial void FreeMemory(void* memory);
}
