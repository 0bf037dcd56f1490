using System.Diagnostics;

namespace VocSeg.Torch.Tests.Soak;

/// <summary>However threads meet, batches are the same, value by value.</summary>
[Collection(LiveTensors.Name)]
public sealed class InterleavingTests : IDisposable
{
    private const int Epochs = 2;
    private static readonly int[] Seeds = [1, 2, 3, 4];
    private readonly BadSet set = new();

    public static TheoryData<string, bool> Ways => new MatrixTheoryData<string, bool>(Caches.Names, [true, false]);

    public void Dispose() => set.Dispose();

    [Theory]
    [MemberData(nameof(Ways))]
    public void Batches_are_the_same_however_threads_meet(string cache, bool onHost)
    {
        using var dataset = set.Dataset(new DrawnFlip(), new PadIfSmaller(BadSet.Crop), new RandomCrop(BadSet.Crop));
        var options = new VocSegDataLoaderOptions
        {
            BatchSize = 3,
            Shuffle = true,
            CropsPerSample = 2,
            OnError = OnError.Skip(0.5),
            Workers = 1,
            Cache = Caches.Of(cache),
            Warn = _ => { },
            Inform = _ => { },
        };
        var (expected, skipped) = Run(options, out _);
        var clock = Stopwatch.StartNew();
        var (runs, points) = (0, 0);
        for (var seed = 0; seed < Seeds.Length || clock.Elapsed < SoakTime.Asked / 40; seed++, runs++)
        {
            using var disturbed = new Disturbance(seed < Seeds.Length ? Seeds[seed] : Random.Shared.Next());
            var (actual, same) = Run(options with { Workers = 2 + seed % 3, Prefetch = 1 + seed % 2 }, out var live);
            points += disturbed.Points;
            // 16 batches an epoch, with several hand-overs each; a full device cache has none.
            Assert.InRange(disturbed.Points, 16 * 4, int.MaxValue);
            BatchValues.RequireEqual(expected, actual);
            Assert.Equal(skipped, same);
            Assert.Equal(0, live);
        }
        var way = onHost ? "" : ", by tensor operations";
        SoakTime.Tell($"interleaving, cache {cache}{way}: {runs} runs with {points} hand-overs");

        (List<BatchValues> Batches, List<(long Epoch, long Place, string Id)> Skipped) Run(
            VocSegDataLoaderOptions chosen, out int live)
        {
            var told = new List<(long, long, string)>();
            List<BatchValues> batches;
            using (var loader = new VocSegDataLoader(
                dataset,
                chosen with { SampleSkipped = sample => told.Add((sample.Epoch, sample.Place, sample.Id)) },
                onHost))
            {
                batches = BatchValues.Epochs(loader, Epochs);
            }
            live = LiveThreads.Workers;
            return (batches, told);
        }
    }

    [Fact]
    public void A_moment_that_nobody_disturbs_costs_nothing()
    {
        const int Calls = 1_000_000;
        Assert.Null(Interleaving.Disturbance);
        Measure();
        // Of a sample's quarter of a millisecond and more, a few of them are not a hundred thousandth.
        Assert.InRange(Enumerable.Range(0, 20).Min(_ => Measure()), 0, 5);

        static double Measure()
        {
            var from = Stopwatch.GetTimestamp();
            for (var call = 0; call < Calls; call++)
                Interleaving.Point();
            return Stopwatch.GetElapsedTime(from).TotalNanoseconds / Calls;
        }
    }
}
