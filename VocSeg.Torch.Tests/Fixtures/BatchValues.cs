using TorchSharp;

namespace VocSeg.Torch.Tests;

/// <summary>A batch, read out. Labels are class indices or masks; both are exact as doubles.</summary>
internal sealed record BatchValues(
    long Epoch, long[] Indices, long[] Shape, float[] Image, double[] Label, float[] Weight,
    SampleGeometry[] Geometries)
{
    internal static List<BatchValues> Epochs(VocSegDataLoader loader, int epochs) =>
        [.. Enumerable.Range(0, epochs).SelectMany(_ => loader.Select(Read))];

    internal static BatchValues Read(VocSegBatch batch) =>
        Read(batch.Image, batch.Label, batch.Weight, batch.Geometries) with
        {
            Epoch = batch.Epoch,
            Indices = [.. batch.Indices],
        };

    internal static BatchValues Read(BatchTensors tensors) =>
        Read(tensors.Image, tensors.Label, tensors.Weight, tensors.Geometries);

    private static BatchValues Read(
        torch.Tensor image, torch.Tensor label, torch.Tensor? weight, IEnumerable<SampleGeometry> geometries)
    {
        using var exact = label.to(torch.float64);
        return new(
            0, [], image.shape, image.Values<float>(), exact.Values<double>(), weight?.Values<float>() ?? [],
            [.. geometries]);
    }

    /// <summary>The parts of a batch that several ranks have, put together.</summary>
    internal static BatchValues Together(IReadOnlyList<BatchValues> parts) => new(
        parts[0].Epoch, [.. parts.SelectMany(part => part.Indices)],
        [parts.Sum(part => part.Shape[0]), .. parts[0].Shape[1..]], [.. parts.SelectMany(part => part.Image)],
        [.. parts.SelectMany(part => part.Label)], [.. parts.SelectMany(part => part.Weight)],
        [.. parts.SelectMany(part => part.Geometries)]);

    /// <param name="expected">Batches of one way.</param>
    /// <param name="actual">Batches of another.</param>
    /// <param name="tolerance">How far pixels may differ; 0 for not by a bit.</param>
    internal static void RequireEqual(
        IReadOnlyList<BatchValues> expected, IReadOnlyList<BatchValues> actual, double tolerance = 0)
    {
        Assert.Equal(expected.Count, actual.Count);
        foreach (var (one, other) in expected.Zip(actual))
        {
            Assert.Equal(one.Epoch, other.Epoch);
            Assert.Equal(one.Indices, other.Indices);
            Assert.Equal(one.Shape, other.Shape);
            Assert.Equal(one.Geometries, other.Geometries);
            Assert.Equal(one.Label, other.Label);
            Assert.Equal(one.Weight, other.Weight);
            Assert.InRange(SlowWarp.Distance([.. one.Image.Select(value => (double)value)], other.Image), 0, tolerance);
            if (tolerance == 0)
                Assert.Equal(Bits(one.Image), Bits(other.Image));
        }

        static IEnumerable<int> Bits(float[] values) => values.Select(BitConverter.SingleToInt32Bits);
    }
}
