using TorchSharp;

namespace VocSeg.Torch.Tests.Loading;

/// <summary>The ways to a batch, each with batched tensor ops on its device, give the same batch to the last bit. Here the device is the CPU.</summary>
[Collection(LiveTensors.Name)]
public sealed class BatchBufferTests : IDisposable
{
    private static readonly long[] Indices = [3, 0, 22, 7, 11, 3];
    private readonly SampleSet set = new();
    private readonly VocSegDataset dataset;
    private readonly SampleWorker worker;

    public BatchBufferTests()
    {
        dataset = set.Dataset();
        worker = dataset.CreateWorker();
    }

    public void Dispose()
    {
        worker.Dispose();
        dataset.Dispose();
        set.Dispose();
    }

    [Fact]
    public void Staged_and_cached_batches_equal_fused_ones_in_every_epoch()
    {
        var before = torch.Tensor.TotalCount;
        using (var hostCache = new PixelCache(dataset))
        using (var deviceCache = new DevicePixelCache(dataset))
        {
            BatchBuffer[] ways =
            [
                new HostBatchBuffer(dataset, 6, cache: null),
                new HostBatchBuffer(dataset, 6, hostCache),
                new StagedBatchBuffer(dataset, 6),
                new PackedBatchBuffer(dataset, 6, hostCache),
                new CachedBatchBuffer(dataset, 6, deviceCache),
            ];
            for (var epoch = 0; epoch < 3; epoch++)
            {
                var batches = ways.Select(way => Batch(way, epoch)).ToList();
                foreach (var (image, label) in batches)
                {
                    Assert.Equal(batches[0].Image, image);
                    Assert.Equal(batches[0].Label, label);
                }
            }
            foreach (var way in ways)
                way.Dispose();
        }
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void A_part_of_a_buffer_is_delivered_for_the_last_batch()
    {
        using var deviceCache = new DevicePixelCache(dataset);
        using var buffer = new CachedBatchBuffer(dataset, 6, deviceCache);
        Batch(buffer, 0);
        var (image, label) = buffer.Deliver(2);
        Assert.Equal([2, 3, 24, 32], image.shape);
        Assert.Equal([2, 24, 32], label.shape);
        image.Dispose();
        label.Dispose();
    }

    private (int[] Image, long[] Label) Batch(BatchBuffer buffer, long epoch)
    {
        for (var slot = 0; slot < Indices.Length; slot++)
            buffer.Fill(slot, Indices[slot], epoch, worker);
        var (image, label) = buffer.Deliver(Indices.Length);
        using (image)
        using (label)
            return ([.. image.Values<float>().Select(BitConverter.SingleToInt32Bits)], label.Values<long>());
    }
}
