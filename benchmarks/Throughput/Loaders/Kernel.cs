using System.Globalization;
using Throughput.Report;

namespace Throughput.Loaders;

/// <summary>An operation of a batch from the device's cache, or another way to the same, that <see cref="KernelTimes"/> takes the time of.</summary>
/// <param name="Name">Its figure's.</param>
/// <param name="Title">For the table.</param>
/// <param name="PixelBytes">What it reads and writes for each pixel of the batch.</param>
/// <param name="CutBytes">Bytes of each pixel that an index kernel moves singly.</param>
internal sealed record Kernel(string Name, string Title, int PixelBytes, int CutBytes = 0)
{
    internal static IReadOnlyList<Kernel> All { get; } =
    [
        new("cut", "cut: `windows.index(places)`", 8, 4),
        new("normalize", "normalize: `bias.addcmul(planes, scale, 1)` from uint8", 15),
        new("label", "label: `planes.select(1, 3).to(int64)`", 9),
        new("batch", "**the three: a batch as it is made**", 32, 4) { Predicted = "0.15 - 0.3" },
        new("cut_colors", "(a) colours cut by an index of their own", 6, 3),
        new("cut_class", "(a) class index cut by an index of its own", 2, 1),
        new("normalize_apart", "(a) normalize, contiguous", 15),
        new("label_apart", "(a) label, contiguous", 9),
        new("batch_apart", "**(a) the four: a batch**", 32, 4) { Predicted = "0.15 - 0.3" },
        new("cast_mul_add", "(b) normalize: `to(float32)`, `mul_`, `add_`", 15 + 24 + 24),
        new("mul_add", "(c) normalize: `mul` from uint8, `add_`", 15 + 24),
        new("by_channel", "(d) normalize: `copy_`, `mul_`, `add_` by scalars, a channel at a time", 15 + 24 + 24),
    ];

    internal double Megabytes => PixelBytes * GpuFigures.WindowPixels / 1e6;

    /// <summary>The least ms on an H100: bytes at 3.0 TB/s, but 0.06 ms for a cut of 4 bytes a pixel. Instructions come on top, see docs/performance.md.</summary>
    internal string Predicted { get; init; } =
        (0.06 * CutBytes / 4 + (PixelBytes - 2 * CutBytes) * GpuFigures.WindowPixels / 3.0e9).ToString("F3", CultureInfo.InvariantCulture);
}
