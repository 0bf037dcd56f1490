namespace SkiaSharp;

public unsafe partial class SKCodec
{
    public SKCodecScanlineOrder ScanlineOrder => SKCodecScanlineOrder.TopDown;

    public int NextScanline => nextRow;

    public int GetOutputScanline(int inputScanline) => inputScanline;

    public SKCodecResult StartScanlineDecode(SKImageInfo info) => StartScanlineDecode(info, SKCodecOptions.Default);

    public SKCodecResult StartScanlineDecode(SKImageInfo info, SKCodecOptions options)
    {
        ThrowIfDisposed();
        nextRow = -1;
        var subset = options.Subset ?? info.Rect;
        if (options.HasSubset &&
            (subset.Width <= 0 || !info.Rect.Contains(subset) || subset.Top != 0 || subset.Height != info.Height))
            return SKCodecResult.InvalidInput;
        if (options.FrameIndex != 0) return SKCodecResult.Unimplemented;
        RefuseColorConversion(info);

        var request = Request(info, subset);
        var result = SkiaCodec.StartRows(Handle, &request);
        GC.KeepAlive(this);
        if (result != SKCodecResult.Success) return result;
        rows = request;
        keepsRest = options.ZeroInitialized == SKZeroInitialized.Yes;
        nextRow = 0;
        return SKCodecResult.Success;
    }

    public int GetScanlines(IntPtr dst, int countLines, int rowBytes)
    {
        if (dst == IntPtr.Zero) throw new ArgumentNullException(nameof(dst));
        ThrowIfDisposed();
        if (nextRow < 0 || countLines <= 0 || countLines > rows.Height - nextRow) return 0;
        var request = rows;
        var count = SkiaCodec.GetRows(Handle, &request, (void*)dst, countLines, (nuint)rowBytes, keepsRest ? 1 : 0);
        GC.KeepAlive(this);
        nextRow += countLines;
        return count;
    }

    public bool SkipScanlines(int countLines)
    {
        ThrowIfDisposed();
        if (nextRow < 0 || countLines < 0 || countLines > rows.Height - nextRow) return false;
        var skipped = SkiaCodec.SkipRows(Handle, countLines) != 0;
        GC.KeepAlive(this);
        nextRow += countLines;
        return skipped;
    }
}
