using BenchmarkDotNet.Attributes;
using TorchSharp;
using VocSeg.Torch;

namespace Micro;

/// <summary>The tensor ops of a device cache: windows cut from the planes of all images by a gather, and made training tensors.</summary>
public class WindowCut
{
    private DeviceWarp transform = null!;
    private torch.Tensor planes = null!;
    private torch.Tensor windows = null!;
    private torch.Tensor places = null!;
    private torch.Tensor cut = null!;

    [GlobalSetup]
    public void SetUp()
    {
        transform = new(BatchShape.Crop, Normalization.ImageNet, SegmentationPalette.Voc, torch.CPU);
        var plane = (long)BatchShape.Samples * BatchShape.Pixels;
        planes = torch.randint(0, 255, [4 * plane], torch.uint8);
        var (height, width) = (BatchShape.Crop.Height, BatchShape.Crop.Width);
        windows = planes.as_strided([plane - (height - 1) * BatchShape.Width - (width - 1), 4, height, width], [1, plane, BatchShape.Width, 1]);
        // Each window a little further in than the one before.
        places = torch.tensor(Enumerable.Range(0, BatchShape.Samples).Select(sample => (long)sample * BatchShape.Pixels + sample % 50 * BatchShape.Width + sample % 20).ToArray());
        cut = windows.index(places);
    }

    [Benchmark]
    public void Cut() => windows.index(places).Dispose();

    [Benchmark]
    public void ToTensors()
    {
        var (image, label) = transform.FromPlanes(cut);
        image.Dispose();
        label.Dispose();
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        cut.Dispose();
        places.Dispose();
        windows.Dispose();
        planes.Dispose();
        transform.Dispose();
    }
}
