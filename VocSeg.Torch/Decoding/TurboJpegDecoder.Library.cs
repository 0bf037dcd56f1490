using System.Runtime.InteropServices;

namespace VocSeg.Torch;

internal sealed unsafe partial class TurboJpegDecoder
{
    /// <summary>
    /// The entry points of libturbojpeg, found once: those of TurboJPEG 3 where the library has them, which decode rows
    /// of an image, else those of 2.x, which decode whole images only.
    /// </summary>
    private sealed class Library
    {
        private const int Decompression = 1; // TJINIT_DECOMPRESS
        private const int Rgbx = 2; // TJPF_RGBX
        private const int StopOnWarningFlag = 8192; // TJFLAG_STOPONWARNING
        private const int LimitScansFlag = 32768; // TJFLAG_LIMITSCANS
        private const int StopOnWarning = 0; // TJPARAM_STOPONWARNING
        private const int ScanLimit = 13; // TJPARAM_SCANLIMIT
        private const int SaveMarkers = 25; // TJPARAM_SAVEMARKERS, of 3.1
        private const int MostScans = 100;

        private static readonly string[] Names =
        [
            "libturbojpeg.so.0", "libturbojpeg.so", "turbojpeg.dll", "libturbojpeg.dll",
            "libturbojpeg.0.dylib", "libturbojpeg.dylib",
            "/opt/homebrew/lib/libturbojpeg.dylib", "/usr/local/lib/libturbojpeg.dylib",
        ];

        private readonly delegate* unmanaged<int, nint> init3;
        private readonly delegate* unmanaged<nint, int, int, int> set3;
        private readonly delegate* unmanaged<nint, byte*, nuint, int> readHeader3;
        private readonly delegate* unmanaged<nint, ScalingFactor, int> scale3;
        private readonly delegate* unmanaged<nint, Region, int> crop3;
        private readonly delegate* unmanaged<nint, byte*, nuint, byte*, int, int, int> decompress3;
        private readonly delegate* unmanaged<nint> init2;
        private readonly delegate* unmanaged<nint, byte*, CULong, byte*, int, int, int, int, int, int> decompress2;
        private readonly delegate* unmanaged<nint, byte*> errorText;
        private readonly delegate* unmanaged<nint, int> destroy;

        private Library(nint library)
        {
            nint Export(string name) => NativeLibrary.TryGetExport(library, name, out var address) ? address : 0;
            init3 = (delegate* unmanaged<int, nint>)Export("tj3Init");
            set3 = (delegate* unmanaged<nint, int, int, int>)Export("tj3Set");
            readHeader3 = (delegate* unmanaged<nint, byte*, nuint, int>)Export("tj3DecompressHeader");
            scale3 = (delegate* unmanaged<nint, ScalingFactor, int>)Export("tj3SetScalingFactor");
            crop3 = (delegate* unmanaged<nint, Region, int>)Export("tj3SetCroppingRegion");
            decompress3 = (delegate* unmanaged<nint, byte*, nuint, byte*, int, int, int>)Export("tj3Decompress8");
            init2 = (delegate* unmanaged<nint>)Export("tjInitDecompress");
            decompress2 =
                (delegate* unmanaged<nint, byte*, CULong, byte*, int, int, int, int, int, int>)Export("tjDecompress2");
            errorText = (delegate* unmanaged<nint, byte*>)Export("tjGetErrorStr2");
            destroy = (delegate* unmanaged<nint, int>)Export("tjDestroy");
        }

        /// <summary>Whether <see cref="DecompressRows"/> can be called.</summary>
        internal bool DecodesRows =>
            init3 != null && set3 != null && readHeader3 != null && scale3 != null && crop3 != null
            && decompress3 != null;

        private bool IsUsable =>
            errorText != null && destroy != null && (DecodesRows || (init2 != null && decompress2 != null));

        /// <summary>
        /// Makes a decoder, for one file only: it keeps the tables of a file for the next one, and a damaged file that
        /// lacks its own would be decoded by them. The caller destroys it.
        /// </summary>
        /// <param name="stops">Whether it stops at the first warning.</param>
        internal nint CreateDecoder(bool stops)
        {
            var decoder = DecodesRows ? init3(Decompression) : init2();
            if (decoder == 0)
                throw new InvalidOperationException("libturbojpeg cannot make a decoder: there is not enough memory.");
            if (DecodesRows)
            {
                // Colour profiles are not asked for, and a bad one is no fault. Older versions read none.
                set3(decoder, SaveMarkers, 0);
                set3(decoder, StopOnWarning, stops ? 1 : 0);
                set3(decoder, ScanLimit, MostScans);
            }
            return decoder;
        }

        internal void Destroy(nint decoder) => destroy(decoder);

        /// <summary>
        /// Decodes the whole image to four-byte pixels, at the most eighths that fit into a size. False after an error
        /// or a warning.
        /// </summary>
        internal bool Decompress(nint decoder, byte* file, int length, ImageSize size, byte* pixels, bool stops)
        {
            var flags = LimitScansFlag | (stops ? StopOnWarningFlag : 0);
            return decompress2(
                decoder, file, new((uint)length), pixels, size.Width, 0, size.Height, Rgbx, flags) == 0;
        }

        /// <summary>Decodes rows of the image to four-byte pixels. False after an error or a warning.</summary>
        internal bool DecompressRows(
            nint decoder, byte* file, int length, ImageReduction reduction, int top, int rows, byte* pixels) =>
            readHeader3(decoder, file, (nuint)length) == 0
            && scale3(decoder, new() { Numerator = 1, Denominator = reduction.Divisor }) == 0
            && crop3(decoder, new() { Top = top, Height = rows }) == 0
            && decompress3(decoder, file, (nuint)length, pixels, 0, Rgbx) == 0;

        /// <summary>The text of a decoder's last error or first warning, in the library's memory.</summary>
        internal ReadOnlySpan<byte> ErrorText(nint decoder) =>
            MemoryMarshal.CreateReadOnlySpanFromNullTerminated(errorText(decoder));

        /// <summary>The library, or null where there is none that can be used.</summary>
        internal static Library? Find()
        {
            foreach (var name in Names)
            {
                if (!NativeLibrary.TryLoad(name, typeof(Library).Assembly, null, out var library))
                    continue;
                var found = new Library(library);
                if (found.IsUsable)
                    return found;
                NativeLibrary.Free(library);
            }
            return null;
        }

        /// <summary>Zero for width or height: up to the edge.</summary>
        [StructLayout(LayoutKind.Sequential)]
        private struct Region
        {
            internal int Left, Top, Width, Height;
        }

        [StructLayout(LayoutKind.Sequential)]
        private struct ScalingFactor
        {
            internal int Numerator, Denominator;
        }
    }
}
