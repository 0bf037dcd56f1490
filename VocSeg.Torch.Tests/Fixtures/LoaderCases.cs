namespace VocSeg.Torch.Tests;

/// <summary>Every kind of loader over a <see cref="BadSet"/>, whose bad samples are skipped.</summary>
internal static class LoaderCases
{
    /// <summary>Mixes samples of a batch, so that what it makes depends on the samples that are in it.</summary>
    internal const string Mixing = "own transform, mixing";

    private static readonly VocSegDataLoaderOptions Skipping =
        new() { BatchSize = 5, Shuffle = true, OnError = OnError.Skip(0.5), Warn = _ => { } };

    private static readonly Dictionary<string, (SampleTransform[] Transforms, VocSegDataLoaderOptions Options)> Cases =
        new(StringComparer.Ordinal)
        {
            ["crop"] = ([new RandomCrop(BadSet.Crop)], Skipping),
            ["in order, last dropped"] = (
                [new RandomCrop(BadSet.Crop)], Skipping with { Shuffle = false, DropLast = true }),
            ["scale, flip"] = (
                [new DrawnScale(), new DrawnFlip(), new PadIfSmaller(BadSet.Crop), new RandomCrop(BadSet.Crop)],
                Skipping),
            ["by label"] = ([new RandomCrop(BadSet.Crop) { CatMaxRatio = 0.6 }], Skipping),
            ["crops"] = ([new RandomCrop(BadSet.Crop)], Skipping with { CropsPerSample = 3 }),
            ["whole"] = ([new Whole()], Skipping),
            ["whole, grouped"] = ([new Whole()], Skipping with { GroupBySize = true, BatchSize = 4 }),
            ["whole, one by one"] = ([new Whole()], Skipping with { BatchSize = 1 }),
            ["whole, scaled"] = ([new DrawnScale(), new Whole()], Skipping),
            ["weighted"] = ([new RandomCrop(BadSet.Crop)], Skipping with
            {
                Sampling = Sampling.Weighted(Enumerable.Range(0, BadSet.Count).Select(index => index % 3 + 1.0), 40),
            }),
            ["own transform"] = ([new RandomCrop(BadSet.Crop)], Skipping with { BatchTransforms = [new CutOut(6)] }),
            [Mixing] = (
                [new RandomCrop(BadSet.Crop)], Skipping with { BatchTransforms = [new CutOut(6), new CutMix()] }),
        };

    internal static TheoryData<string> Names => [.. Cases.Keys];

    internal static (SampleTransform[] Transforms, VocSegDataLoaderOptions Options) Get(string name) => Cases[name];
}
