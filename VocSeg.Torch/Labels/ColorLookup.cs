using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// A palette as a tensor of 256^3 class indices, uint8, on a device: one byte an entry, 16 MiB. It is made once for a
/// palette and a device and shared by all callers; the last one to dispose it frees it.
/// </summary>
public sealed class ColorLookup : IDisposable
{
    private static readonly Dictionary<(SegmentationPalette Palette, string Device), ColorLookup> Shared = [];
    private static readonly object Gate = new();

    private readonly (SegmentationPalette Palette, string Device) key;
    private readonly Tensor table;
    // A Scalar that only a call holds may be finalized while libtorch reads it.
    private readonly TorchSharp.Scalar greenStep = 256;
    private readonly TorchSharp.Scalar blueStep = 65536;
    private int holders;

    private ColorLookup((SegmentationPalette Palette, string Device) key, Device device)
    {
        this.key = key;
        using var scope = NewDisposeScope();
        var classIndex = key.Palette.BuildTable();
        // Pixels that decoding ignores come to the device in this colour.
        if (key.Palette.MayIgnore)
            classIndex[key.Palette.IgnoreMarker.TableIndex] = key.Palette.IgnoreIndex;
        table = scope.Detach(tensor(classIndex, dtype: ScalarType.Byte).to(device));
    }

    /// <summary>The table of a palette on a device. Every call must be matched by one <see cref="Dispose"/>.</summary>
    /// <param name="palette">The palette.</param>
    /// <param name="device">Where the table lies; null for the CPU.</param>
    /// <returns>The shared table.</returns>
    public static ColorLookup Acquire(SegmentationPalette palette, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(palette);
        NativeLibraries.RequireTorch();
        device ??= CPU;
        lock (Gate)
        {
            var wanted = (palette, $"{device.type}:{Math.Max(device.index, 0)}");
            if (!Shared.TryGetValue(wanted, out var shared))
                Shared.Add(wanted, shared = new(wanted, device));
            shared.holders++;
            return shared;
        }
    }

    /// <summary>
    /// The table: uint8, shape (16777216), indexed by red + 256 green + 65536 blue. It belongs to this object; do not
    /// dispose it.
    /// </summary>
    public Tensor Table => table;

    /// <summary>The class index of every pixel of a label image, by a gather on the table.</summary>
    /// <param name="rgb">
    /// uint8, shape (..., height, width, 3), or 4 where alpha follows, which does not count; on the table's device.
    /// </param>
    /// <returns>
    /// int64, shape (..., height, width), on the same device; the caller disposes it, or its dispose scope. This lookup
    /// never throws for an unknown colour, as the data set's decoding does: under <see cref="UnknownColor.Error"/> such
    /// a pixel becomes 255, or 254 where 255 is the ignore index.
    /// </returns>
    /// <exception cref="ArgumentException">Another type or shape.</exception>
    public Tensor ToClassIndex(Tensor rgb)
    {
        ArgumentNullException.ThrowIfNull(rgb);
        var shape = rgb.shape;
        if (rgb.dtype != ScalarType.Byte || shape.Length == 0 || shape[^1] is not (3 or 4))
        {
            throw new ArgumentException(
                "Label colours are uint8 with shape (..., 3) or (..., 4); "
                + $"{rgb.dtype} with shape ({string.Join(", ", shape)}) was given.",
                nameof(rgb));
        }

        using var scope = NewDisposeScope();
        // In place on one int32 tensor: three passes over it instead of five over as many new ones.
        var place = rgb.select(-1, 0).to(ScalarType.Int32);
        place.add_(rgb.select(-1, 1), greenStep);
        place.add_(rgb.select(-1, 2), blueStep);
        var classIndex = table.index_select(0, place.flatten()).to(ScalarType.Int64).view(shape[..^1]);
        return classIndex.MoveToOuterDisposeScope();
    }

    /// <summary>Gives the table back; the last to do so frees it.</summary>
    public void Dispose()
    {
        lock (Gate)
        {
            if (holders > 0 && --holders == 0)
            {
                Shared.Remove(key);
                table.Dispose();
                greenStep.Dispose();
                blueStep.Dispose();
            }
        }
    }
}
