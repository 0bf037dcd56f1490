namespace SkiaSharp;

public unsafe partial class SKCodec
{
    public byte[] Pixels
    {
        get
        {
            var result = GetPixels(out var pixels);
            return result is SKCodecResult.Success or SKCodecResult.IncompleteInput ? pixels : throw new Exception(result.ToString());
        }
    }

    public SKCodecResult GetPixels(out byte[] pixels) => GetPixels(Info, out pixels);

    public SKCodecResult GetPixels(SKImageInfo info, out byte[] pixels)
    {
        pixels = new byte[info.BytesSize];
        return GetPixels(info, pixels);
    }

    public SKCodecResult GetPixels(SKImageInfo info, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        fixed (byte* p = pixels) return GetPixels(info, (IntPtr)p);
    }

    public SKCodecResult GetPixels(SKImageInfo info, IntPtr pixels) => GetPixels(info, pixels, SKCodecOptions.Default);

    public SKCodecResult GetPixels(SKImageInfo info, IntPtr pixels, SKCodecOptions options) =>
        GetPixels(info, pixels, info.RowBytes, options);

    public SKCodecResult GetPixels(SKImageInfo info, IntPtr pixels, int rowBytes, SKCodecOptions options)
    {
        if (pixels == IntPtr.Zero) throw new ArgumentNullException(nameof(pixels));
        ThrowIfDisposed();
        if (info.ColorType == SKColorType.Unknown) return SKCodecResult.InvalidConversion;
        if (rowBytes < info.RowBytes64) return SKCodecResult.InvalidParameters;
        if (options.HasSubset) return SKCodecResult.Unimplemented;
        if (options.FrameIndex < 0) return SKCodecResult.InvalidParameters;
        if (options.FrameIndex > 0) return SKCodecResult.IncompleteInput;
        RefuseColorConversion(info);

        nextRow = -1;
        var request = Request(info, info.Rect);
        var keepRest = options.ZeroInitialized == SKZeroInitialized.Yes ? 1 : 0;
        var result = SkiaCodec.Decode(Handle, &request, (void*)pixels, (nuint)rowBytes, keepRest);
        GC.KeepAlive(this);
        return result;
    }

    private static SkiaCodec.Request Request(in SKImageInfo info, in SKRectI subset) => new()
    {
        Color = (int)info.ColorType,
        Alpha = (int)info.AlphaType,
        Width = info.Width,
        Height = info.Height,
        SubsetX = subset.Left,
        SubsetWidth = subset.Width,
    };
}
