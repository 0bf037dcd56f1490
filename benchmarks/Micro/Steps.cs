using BenchmarkDotNet.Attributes;
using VocSeg.Torch;
using static TorchSharp.torch;

namespace Micro;

/// <summary>Single steps, on a batch of 64 crops of 320x480 out of images of VOC's commonest size.</summary>
public unsafe class Steps
{
    private const int Samples = 64, Patch = 20, Height = 375, Width = 500, Pixels = Height * Width;
    private const int CropPixels = 320 * 480;
    private static readonly ImageSize Crop = new(320, 480), Stored = new(Height, Width);
    private static readonly BatchForm Form = new(new VocSegDatasetOptions());
    private readonly ColorLookup lookup = ColorLookup.Acquire(SegmentationPalette.Voc);
    private readonly DeviceWarp transform = new(Form, SegmentationPalette.Voc, CPU, Crop);
    private readonly HostWarp warp = new(Form);
    private readonly byte* pixels = Allocate(Pixels * HostWarp.BytesPerPixel), indices = Allocate(Pixels);
    private readonly float* images = (float*)Allocate((nint)Samples * CropPixels * 3 * sizeof(float));
    private readonly long* labels = (long*)Allocate((nint)Samples * CropPixels * sizeof(long));
    private readonly Tensor colors = LabelColors(), crops, places, cut;
    private int slot;

    public Steps()
    {
        var plane = (long)Samples * Pixels;
        crops = randint(0, 255, [4 * plane], uint8).as_strided(
            [plane - (Crop.Height - 1) * Width - (Crop.Width - 1), 4, Crop.Height, Crop.Width], [1, plane, Width, 1]);
        // Each crop a column further in than the one before.
        places = arange(Samples, dtype: int64).mul(Pixels + 1);
        cut = crops.index(places);
    }

    [Benchmark]
    public void LookUpClasses() => lookup.ToClassIndex(colors).Dispose();

    [Benchmark]
    public void CropDecoded() => Write((IntPtr)indices, new(Stored, Crop));

    [Benchmark]
    public void CropPacked() => Write(0, new(Stored, Crop));

    [Benchmark]
    public void FlipDecoded() => Write((IntPtr)indices, new(Stored, Crop) { XX = -1, X0 = Crop.Width });

    [Benchmark]
    public void ScaleAndRecolorDecoded() =>
        Write((IntPtr)indices, new(Stored, Crop) { XX = 0.8, YY = 0.9 }, ColorMatrix.Contrast(1.2));

    [Benchmark]
    public void CutFromPlanes() => crops.index(places).Dispose();

    [Benchmark]
    public void PlanesToTensors()
    {
        var (image, label, _) = transform.FromPlanes(cut);
        image.Dispose();
        label.Dispose();
    }

    private void Write(IntPtr classIndices, SampleGeometry geometry, ColorMatrix? color = null)
    {
        // They go round, so that none stays in a cache.
        slot = (slot + 1) % Samples;
        var first = (nint)slot * CropPixels;
        var target = new WarpTarget((IntPtr)(images + first * 3), (IntPtr)(labels + first), 0, Crop);
        warp.Write(new((IntPtr)pixels, classIndices, Stored), geometry, color ?? ColorMatrix.Identity, target);
    }

    /// <summary>In patches: a table is read faster where neighbours are alike, as they are in labels.</summary>
    private static Tensor LabelColors()
    {
        var palette = SegmentationPalette.Voc.Colors.SelectMany(color => new[] { color.Red, color.Green, color.Blue });
        long[] patches = [Samples, Crop.Height / Patch, Crop.Width / Patch];
        var classes = randint(0, SegmentationPalette.Voc.ClassCount, patches, int64)
            .repeat_interleave(Patch, 1).repeat_interleave(Patch, 2);
        return tensor(palette.ToArray(), dtype: uint8).view(-1, 3).index(classes);
    }

    private static byte* Allocate(nint bytes)
    {
        var memory = (byte*)System.Runtime.InteropServices.NativeMemory.AlignedAlloc((nuint)bytes, 2 << 20);
        // The pages that the loader's batches have; written, so that none is new when it is measured.
        HugePages.Prefer((IntPtr)memory, bytes);
        new Span<byte>(memory, (int)bytes).Fill(1);
        return memory;
    }
}
