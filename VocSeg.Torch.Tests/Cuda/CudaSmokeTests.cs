using TorchSharp;
using VocSeg.Torch.Tests.Loading;

namespace VocSeg.Torch.Tests.Cuda;

/// <summary>What must hold on a GPU. Run them alone with <c>-trait "needs=cuda"</c>; without a GPU they are skipped.</summary>
[Trait("needs", "cuda")]
[Collection(LiveTensors.Name)]
public sealed class CudaSmokeTests : IDisposable
{
    private readonly SampleSet set = new();

    public void Dispose() => set.Dispose();

    [Fact]
    public void Lookup_on_the_device_equals_lookup_on_the_cpu()
    {
        var device = RequireCuda();
        using var scope = torch.NewDisposeScope();
        using var onHost = LookupTable.Acquire(SegmentationPalette.Voc);
        using var onDevice = LookupTable.Acquire(SegmentationPalette.Voc, device);
        Assert.Equal(DeviceType.CUDA, onDevice.Table.device_type);
        var rgb = torch.tensor(Enumerable.Range(0, 64 * 48 * 3).Select(i => (byte)(i * 64)).ToArray(), torch.uint8).view(1, 64, 48, 3);
        Assert.Equal(onHost.ToClassIndex(rgb).Values<long>(), onDevice.ToClassIndex(rgb.to(device)).Values<long>());
    }

    [Fact]
    public void Batches_on_the_device_equal_batches_on_the_cpu()
    {
        var device = RequireCuda();
        using var onHost = set.Dataset();
        using var onDevice = new VocSegDataset(set.Catalog, new() { Crop = SampleSet.Crop, Seed = 7, Device = device });
        using var hostLoader = new VocSegDataLoader(onHost, new() { BatchSize = 8 });
        using var deviceLoader = new VocSegDataLoader(onDevice, new() { BatchSize = 8 });
        using var expected = hostLoader.GetEnumerator();
        foreach (var batch in deviceLoader)
        {
            Assert.True(expected.MoveNext());
            Assert.Equal((DeviceType.CUDA, DeviceType.CUDA), (batch.Image.device_type, batch.Label.device_type));
            Assert.Equal([8, 3, 24, 32], batch.Image.shape);
            Assert.Equal(expected.Current.Label.Values<long>(), batch.Label.Values<long>());
            Assert.All(expected.Current.Image.Values<float>().Zip(batch.Image.Values<float>()), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        }
    }

    private static torch.Device RequireCuda()
    {
        Assert.SkipUnless(torch.cuda.is_available(), "no CUDA device: this libtorch finds none");
        return torch.device("cuda:0");
    }
}
