using System.Runtime.InteropServices;

namespace VocSeg.Torch;

/// <summary>A decoder of libturbojpeg, with the memory that it uses again for every image.</summary>
internal sealed class TurboJpegHandle : SafeHandle
{
    private readonly TurboJpeg library;

    internal TurboJpegHandle(TurboJpeg library, nint decoder)
        : base(0, ownsHandle: true)
    {
        this.library = library;
        SetHandle(decoder);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        library.Destroy(handle);
        return true;
    }
}
