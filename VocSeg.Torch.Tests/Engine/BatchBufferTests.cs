using TorchSharp;

namespace VocSeg.Torch.Tests.Engine;

/// <summary>
/// All ways to a batch give the same one: those in one pass on the CPU to the last bit, and those by batched tensor
/// operations, whose device is the CPU here.
/// </summary>
[Collection(LiveTensors.Name)]
public sealed class BatchBufferTests : IDisposable
{
    private static readonly int[] Indices = [3, 0, 22, 7, 11, 3];
    private readonly SampleSet set = new();
    private readonly VocSegDataset dataset;
    private readonly SampleWorker worker;

    public BatchBufferTests()
    {
        dataset = set.Dataset();
        worker = dataset.Source.CreateWorker();
    }

    public void Dispose()
    {
        worker.Dispose();
        dataset.Dispose();
        set.Dispose();
    }

    [Fact]
    public void Every_way_gives_the_same_batch_in_every_epoch()
    {
        // What the batched operations keep for themselves belongs to the data set.
        _ = dataset.Source.Warp;
        var before = torch.Tensor.TotalCount;
        using (var hostCache = new HostCache(dataset.Source))
        using (var deviceCache = new DeviceCache(dataset.Source))
        {
            BatchBuffer[] fused =
            [
                new HostBatchBuffer(dataset.Source, 6, cache: null), new HostBatchBuffer(dataset.Source, 6, hostCache),
            ];
            BatchBuffer[] batched =
            [
                new DeviceBatchBuffer(dataset.Source, 6),
                new DeviceBatchBuffer(dataset.Source, 6, hostCache),
                new DeviceBatchBuffer(dataset.Source, 6, deviceCache: deviceCache),
            ];
            for (var epoch = 0; epoch < 3; epoch++)
            {
                var expected = Batch(fused[0], epoch);
                RequireSame(expected, Batch(fused[1], epoch));
                var first = Batch(batched[0], epoch);
                Assert.Equal(expected.Label, first.Label);
                // One rounding instead of two where the device multiplies and adds at once.
                Assert.All(expected.Image.Zip(first.Image), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
                Assert.All(batched.Skip(1), way => RequireSame(first, Batch(way, epoch)));
            }
            foreach (var way in fused.Concat(batched))
                way.Dispose();
        }
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void A_part_of_a_buffer_is_delivered_for_the_last_batch()
    {
        using var deviceCache = new DeviceCache(dataset.Source);
        using var buffer = new DeviceBatchBuffer(dataset.Source, 6, deviceCache: deviceCache);
        Batch(buffer, 0);
        var batch = buffer.Deliver(2);
        Assert.Equal([2, 3, 24, 32], batch.Image.shape);
        Assert.Equal([2, 24, 32], batch.Label.shape);
        batch.Dispose();
    }

    private static void RequireSame((float[] Image, long[] Label) expected, (float[] Image, long[] Label) actual)
    {
        Assert.Equal(
            expected.Image.Select(BitConverter.SingleToInt32Bits), actual.Image.Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(expected.Label, actual.Label);
    }

    private (float[] Image, long[] Label) Batch(BatchBuffer buffer, long epoch)
    {
        buffer.Begin(SampleSet.Crop, epoch);
        for (var slot = 0; slot < Indices.Length; slot++)
            buffer.Fill(slot, [new(Indices[slot], 0)], worker);
        var batch = buffer.Deliver(Indices.Length);
        Assert.True(batch.Image.is_contiguous() && batch.Label.is_contiguous());
        var values = (batch.Image.Values<float>(), batch.Label.Values<long>());
        batch.Dispose();
        return values;
    }
}
