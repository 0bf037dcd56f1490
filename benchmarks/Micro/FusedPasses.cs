using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using VocSeg.Torch;

namespace Micro;

/// <summary>The fused pass of one window into a batch that is used again; the slots go round, so that none stays in a cache.</summary>
public unsafe class FusedPasses
{
    private const nuint Alignment = 2 << 20;
    private byte* pixels;
    private byte* indices;
    private float* images;
    private long* labels;
    private int slot;

    [GlobalSetup]
    public void SetUp()
    {
        var windows = (nuint)(BatchShape.Samples * BatchShape.Crop.Height * BatchShape.Crop.Width);
        pixels = Allocate(BatchShape.Pixels * HostWarp.BytesPerPixel);
        indices = Allocate(BatchShape.Pixels);
        images = (float*)Allocate(windows * 3 * sizeof(float));
        labels = (long*)Allocate(windows * sizeof(long));
    }

    [Benchmark]
    public void Image() =>
        HostWarp.Image(pixels, BatchShape.Width * HostWarp.BytesPerPixel, BatchShape.Crop, Normalization.ImageNet, images + NextSlot() * 3);

    [Benchmark]
    public void Label() => HostWarp.Label(indices, BatchShape.Width, BatchShape.Crop, labels + NextSlot());

    [Benchmark]
    public void Packed()
    {
        var place = NextSlot();
        HostWarp.Packed(pixels, BatchShape.Width * HostWarp.BytesPerPixel, BatchShape.Crop, Normalization.ImageNet, images + place * 3, labels + place);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        NativeMemory.AlignedFree(pixels);
        NativeMemory.AlignedFree(indices);
        NativeMemory.AlignedFree(images);
        NativeMemory.AlignedFree(labels);
    }

    private static byte* Allocate(nuint bytes)
    {
        var memory = (byte*)NativeMemory.AlignedAlloc(bytes, Alignment);
        // The pages that the loader's batches have; written, so that none is new when it is measured.
        HugePages.Prefer((IntPtr)memory, (long)bytes);
        NativeMemory.Fill(memory, bytes, 1);
        return memory;
    }

    private nint NextSlot()
    {
        slot = (slot + 1) % BatchShape.Samples;
        return (nint)slot * BatchShape.Crop.Height * BatchShape.Crop.Width;
    }
}
