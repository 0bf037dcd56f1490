using System.Globalization;

namespace VocSeg.Torch.Tests.Benchmarks;

/// <summary>What docs/performance.md predicts is what the model and the loader say.</summary>
public sealed class ScalingTests
{
    [Fact]
    public void Two_workers_do_what_one_predicts_within_a_tenth()
    {
        var rows = Rows("one worker");
        Assert.Equal(2, rows.Length);
        Assert.All(rows, row =>
        {
            var core = 1000 / Number(row[1]);
            Assert.Equal(core, Number(row[2]), 0.005);
            Assert.Equal(Scaling.Uncached(core).ImagesPerSecond(2, 1000, 1000).Rate, Number(row[3]), 1.0);
            Assert.InRange(Number(row[4]) / Number(row[3]), 0.9, 1.1);
        });
    }

    [Fact]
    public void Rates_of_larger_machines_are_the_models()
    {
        var rows = Rows("a core, ms");
        Assert.Equal(3, rows.Length);
        Assert.All(rows, row =>
        {
            var core = Number(row[1]);
            var model = row[0].StartsWith("uncached", StringComparison.Ordinal)
                ? Scaling.Uncached(core) : Scaling.Cached(core);
            Assert.Equal(model.MemoryMegabytes, Number(row[2]), 0.005);
            Assert.Equal(model.LinkMegabytes, Number(row[3]), 0.005);
            Compare(model.ImagesPerSecond(cores: 16, memory: 200, links: 50), row[4]);
            Compare(model.ImagesPerSecond(cores: 128, memory: 400, links: 8 * 50), row[5]);
        });

        static void Compare((double Rate, string Bound) expected, string cell)
        {
            var (rate, bound) = cell.Split(", ") is [var number, var by] ? (Number(number), by) : default;
            Assert.Equal(expected.Bound, bound);
            Assert.InRange(rate / expected.Rate, 0.99, 1.01);
        }
    }

    [Fact]
    public void Memory_of_a_rank_is_what_its_loader_says()
    {
        const double Pixels = 0.815;
        using var tree = new VocTree();
        for (var sample = 0; sample < 64; sample++)
            tree.AddHeaders($"s{sample}", 500, 500);
        using var dataset = new VocSegDataset(tree.Open(), new() { Transforms = [new RandomCrop(new(320, 480))] });
        var rows = Rows("a rank, GB").ToDictionary(row => row[0], StringComparer.Ordinal);
        foreach (var (name, cache, own, shared) in new[]
        {
            ("uncached", SampleCache.None, 0.0, 0.0),
            ("host cache", SampleCache.Disk("unused"), Pixels, 0),
            ("disk cache", SampleCache.Disk("unused"), 0, Pixels),
        })
        {
            // A loader from the disk and one from memory take the same beside the samples themselves.
            using var loader = new VocSegDataLoader(dataset, new() { Workers = 16, Cache = cache }, onHost: false);
            var rank = loader.MemoryBytes / 1e9 + own;
            Assert.Equal(rank, Number(rows[name][1]), 0.01);
            Assert.Equal(8 * rank + shared, Number(rows[name][2]), 0.05);
        }
    }

    /// <summary>The rows of the table that has a column of that name.</summary>
    private static string[][] Rows(string column) =>
    [
        .. File.ReadAllLines(RepositoryFile.Require("docs/performance.md"))
            .SkipWhile(line => !line.Contains($"| {column} |", StringComparison.Ordinal))
            .TakeWhile(line => line.StartsWith('|'))
            .Skip(2)
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)),
    ];

    private static double Number(string text) => double.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture);
}
