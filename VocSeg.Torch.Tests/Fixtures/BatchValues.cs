namespace VocSeg.Torch.Tests;

/// <summary>A batch, read out.</summary>
internal sealed record BatchValues(
    long Epoch, long[] Indices, long[] Shape, float[] Image, long[] Label, SampleGeometry[] Geometries)
{
    internal static List<BatchValues> Epochs(VocSegDataLoader loader, int epochs) =>
        [.. Enumerable.Range(0, epochs).SelectMany(_ => loader.Select(Read))];

    internal static BatchValues Read(VocSegBatch batch) => new(
        batch.Epoch, [.. batch.Indices], batch.Image.shape, batch.Image.Values<float>(), batch.Label.Values<long>(),
        [.. batch.Geometries]);

    /// <summary>The parts of a batch that several ranks have, put together.</summary>
    internal static BatchValues Together(IReadOnlyList<BatchValues> parts) => new(
        parts[0].Epoch, [.. parts.SelectMany(part => part.Indices)],
        [parts.Sum(part => part.Shape[0]), .. parts[0].Shape[1..]], [.. parts.SelectMany(part => part.Image)],
        [.. parts.SelectMany(part => part.Label)], [.. parts.SelectMany(part => part.Geometries)]);

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
            Assert.Equal(one.Image.Length, other.Image.Length);
            var furthest = one.Image.Zip(other.Image).Max(pair => Math.Abs((double)pair.First - pair.Second));
            Assert.InRange(furthest, 0, tolerance);
        }
    }
}
