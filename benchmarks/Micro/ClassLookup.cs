using BenchmarkDotNet.Attributes;
using TorchSharp;
using VocSeg.Torch;

namespace Micro;

/// <summary>Label colours to class indices, a batch at once.</summary>
public class ClassLookup
{
    private ColorLookup lookup = null!;
    private torch.Tensor colors = null!;

    [GlobalSetup]
    public void SetUp()
    {
        lookup = ColorLookup.Acquire(SegmentationPalette.Voc);
        colors = BatchShape.LabelColors();
    }

    [Benchmark]
    public void ToClassIndex() => lookup.ToClassIndex(colors).Dispose();

    [GlobalCleanup]
    public void CleanUp()
    {
        colors.Dispose();
        lookup.Dispose();
    }
}
