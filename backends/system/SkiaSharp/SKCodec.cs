namespace SkiaSharp;

public partial class SKCodec : SKObject
{
    private readonly SharedMemory memory;
    private readonly Stream? stream;
    private SkiaCodec.Request rows;
    private bool keepsRest;
    private int nextRow = -1;

    private SKCodec(IntPtr handle, SharedMemory memory, Stream? stream, in SkiaCodec.Info info)
        : base(handle, owns: true)
    {
        this.memory = memory;
        this.stream = stream;
        EncodedFormat = (SKEncodedImageFormat)info.Format;
        EncodedOrigin = (SKEncodedOrigin)info.Origin;
        Info = new SKImageInfo(
            info.Width,
            info.Height,
            (SKColorType)info.Color,
            (SKAlphaType)info.Alpha,
            info.HasProfile != 0 ? new SKColorSpace() : SKColorSpace.CreateSrgb());
    }

    public static int MinBufferedBytesNeeded => 32;

    public SKImageInfo Info { get; }

    public SKEncodedImageFormat EncodedFormat { get; }

    public SKEncodedOrigin EncodedOrigin { get; }

    public int FrameCount => 1;

    public int RepetitionCount => 0;

    public bool GetValidSubset(ref SKRectI desiredSubset) => false;

    public SKSizeI GetScaledDimensions(float desiredScale)
    {
        if (desiredScale <= 0) return SKSizeI.Empty;
        if (desiredScale >= 1 || EncodedFormat != SKEncodedImageFormat.Jpeg) return Info.Size;
        var eighths = Math.Clamp((int)MathF.Floor(desiredScale * 8 + 0.5f), 1, 8);
        return new SKSizeI((Info.Width * eighths + 7) / 8, (Info.Height * eighths + 7) / 8);
    }

    internal override void Release()
    {
        SkiaCodec.Close(Handle);
        memory.Drop();
    }

    internal override void ReleaseManaged() => stream?.Dispose();

    // Colours pass as they are in the file, or not at all.
    private void RefuseColorConversion(in SKImageInfo info)
    {
        if (info.ColorSpace is not null && info.ColorSpace != Info.ColorSpace)
            throw new NotSupportedException("The system backend does not convert between colour spaces; leave the colour space of the info null.");
    }
}
