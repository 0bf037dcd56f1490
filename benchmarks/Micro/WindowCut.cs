using BenchmarkDotNet.Attributes;
using TorchSharp;
using VocSeg.Torch;

namespace Micro;

/// <summary>The tensor ops of a device cache: windows cut from packed images by a gather, and unpacked to training tensors.</summary>
public class WindowCut
{
    private WindowTransform transform = null!;
    private torch.Tensor pixels = null!;
    private torch.Tensor packed = null!;
    private long[] starts = [];
    private long[] widths = [];

    [GlobalSetup]
    public void SetUp()
    {
        transform = new(BatchShape.Crop, Normalization.ImageNet, SegmentationPalette.Voc, torch.CPU);
        pixels = torch.arange((long)BatchShape.Samples * BatchShape.Pixels, torch.ScalarType.Int32);
        // Each window a little further in than the one before.
        starts = [.. Enumerable.Range(0, BatchShape.Samples).Select(sample => (long)sample * BatchShape.Pixels + sample % 50 * BatchShape.Width + sample % 20)];
        widths = [.. Enumerable.Repeat((long)BatchShape.Width, BatchShape.Samples)];
        packed = transform.Cut(pixels, starts, widths);
    }

    [Benchmark]
    public void Cut() => transform.Cut(pixels, starts, widths).Dispose();

    [Benchmark]
    public void Unpack()
    {
        var (image, label) = transform.Unpack(packed);
        image.Dispose();
        label.Dispose();
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        packed.Dispose();
        pixels.Dispose();
        transform.Dispose();
    }
}
