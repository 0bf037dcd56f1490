using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;

namespace VocSeg.Torch.Tests.Diagnostics;

/// <summary>What listeners hear of known epochs. Each test has a split of its own and hears nothing else.</summary>
public sealed class InstrumentTests
{
    private const int Epochs = 3;
    private const int Batches = 5;

    public static TheoryData<string, bool> Ways => new MatrixTheoryData<string, bool>(Caches.Names, [true, false]);

    [Theory]
    [MemberData(nameof(Ways))]
    public void The_sums_of_known_epochs_are_heard(string cache, bool onHost)
    {
        using var set = new BadSet(isDamaged: false);
        using var heard = new HeardInstruments(SplitOf(set, out var catalog));
        using var dataset = Dataset(catalog);
        using (var loader = new VocSegDataLoader(
            dataset,
            new()
            {
                BatchSize = 5,
                Workers = 2,
                Shuffle = true,
                // An epoch that nobody runs would be begun.
                PrefetchNextEpoch = false,
                Cache = Caches.Of(cache),
                Inform = _ => { },
            },
            onHost))
        {
            for (var epoch = 0; epoch < Epochs; epoch++)
                Assert.Equal(Batches, loader.Count());
        }
        Assert.Equal(Epochs * Batches, heard.Sum("vocseg.batches"));
        Assert.Equal(Epochs * Batches, heard.Count("vocseg.loop.wait.duration"));
        Assert.Equal(Epochs * BadSet.Count, heard.Sum("vocseg.samples"));
        Assert.Equal(0, heard.Count("vocseg.skipped_samples"));
        // The file of a disk cache is filled before the first epoch.
        var isOnDisk = cache.Contains("disk", StringComparison.Ordinal);
        var decoded = isOnDisk ? 0 : cache == "none" ? Epochs * BadSet.Count : BadSet.Count;
        Assert.Equal(decoded, heard.Count("vocseg.decode.duration"));
        Assert.Equal(cache == "none" ? 0 : decoded, heard.Sum("vocseg.cache.misses"));
        Assert.Equal(Epochs * BadSet.Count - decoded, heard.Sum("vocseg.cache.hits"));
        var files = catalog.Samples.Sum(
            sample => new FileInfo(sample.ImagePath).Length + new FileInfo(sample.LabelPath!).Length);
        var read = isOnDisk ? 4 * catalog.Samples.Sum(sample => sample.Size.Pixels) : files * decoded / BadSet.Count;
        Assert.Equal(read, heard.Sum("vocseg.file.io"));
        Assert.InRange(heard.Sum("vocseg.loop.wait.duration"), double.Epsilon, 100);
    }

    [Fact]
    public void Skipped_samples_are_heard_with_the_batch_that_was_to_have_them()
    {
        using var set = new BadSet();
        using var heard = new HeardInstruments(SplitOf(set, out var catalog));
        using var dataset = Dataset(catalog);
        using var loader = new VocSegDataLoader(
            dataset, new() { BatchSize = 5, OnError = OnError.Skip(0.5), Warn = _ => { } });
        using var batches = loader.GetEnumerator();
        // In order: the samples 3 and 4 are bad, and in the first batch.
        Assert.True(batches.MoveNext());
        var first = loader.Skipped.Count;
        Assert.InRange(first, 2, BadSet.Count);
        Assert.Equal(first, heard.Sum("vocseg.skipped_samples"));
        while (batches.MoveNext())
        {
        }
        Assert.Equal(loader.Skipped.Count, heard.Sum("vocseg.skipped_samples"));
        Assert.Equal(BadSet.Count, heard.Sum("vocseg.samples"));
        Assert.Equal(loader.Skipped.Count, loader.LastEpoch!.Skipped);
    }

    [Fact]
    public void Batches_that_wait_for_a_slow_loop_are_the_depth_of_the_queue()
    {
        const string Depth = "vocseg.queue.depth";
        using var set = new BadSet(isDamaged: false);
        using var heard = new HeardInstruments(SplitOf(set, out var catalog));
        using var dataset = Dataset(catalog);
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 3, Prefetch = 4 });
        Assert.Null(heard.Ask(Depth));
        foreach (var batch in loader)
        {
            Assert.True(SpinWait.SpinUntil(() => heard.Ask(Depth) == 4, 60_000), $"{heard.Ask(Depth)}");
            break;
        }
        Assert.Null(heard.Ask(Depth));
    }

    [Fact]
    public void Batches_that_are_dropped_and_made_again_are_in_the_depth_of_the_queue_once()
    {
        const string Depth = "vocseg.queue.depth";
        using var set = new BadSet(isDamaged: false);
        using var heard = new HeardInstruments(SplitOf(set, out var catalog));
        using var dataset = Dataset(catalog);
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 3, Prefetch = 4, Shuffle = true });
        Assert.Equal(loader.Count, loader.Count());
        Assert.True(SpinWait.SpinUntil(() => heard.Ask(Depth) == 4, 60_000), $"{heard.Ask(Depth)}");
        var decoded = heard.Count("vocseg.decode.duration");
        using var batches = loader.GetEnumerator();
        loader.NextEpoch = 5;
        Assert.Null(heard.Ask(Depth));
        Assert.True(batches.MoveNext());
        // The batch of the loop, and those ahead of it.
        Assert.True(SpinWait.SpinUntil(
            () => heard.Count("vocseg.decode.duration") == decoded + 5 * 3 && heard.Ask(Depth) == 4, 60_000),
            $"{heard.Count("vocseg.decode.duration") - decoded} decoded, {heard.Ask(Depth)} deep");
    }

    [Fact]
    public void The_table_of_the_docs_has_every_instrument_with_its_kind_and_unit()
    {
        using var heard = new HeardInstruments("no split");
        var published = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == "VocSeg.Torch")
                published.Add($"{instrument.Name} {KindOf(instrument)} {instrument.Unit}");
        };
        // The instruments are there from the first use on.
        Assert.False(Instruments.Batches.IsObservable);
        listener.Start();
        var page = File.ReadAllText(RepositoryFile.Require("docs/diagnostics.md"));
        var told = Regex.Matches(
            page,
            @"^\| `(?<name>vocseg\.[\w.]+)` \| (?<kind>[\w-]+) \| `(?<unit>\{?\w+\}?)` \|",
            RegexOptions.Multiline | RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(5))
            .Select(row => $"{row.Groups["name"].Value} {row.Groups["kind"].Value} {row.Groups["unit"].Value}");
        Assert.Equal(published.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
        Assert.Contains($"`{Instruments.Split}`", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Measuring_a_sample_allocates_nothing_and_takes_less_than_a_hundredth_of_its_time(bool isHeard)
    {
        using var listener = new MeterListener();
        var sum = 0.0;
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (isHeard && instrument.Meter.Name == "VocSeg.Torch")
                own.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => sum += value);
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => sum += value);
        listener.Start();
        var meter = new EpochMeter("measured", 0);
        meter.Wait();
        Measure(20_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Measure(1000);
        Assert.Equal(allocated, GC.GetAllocatedBytesForCurrentThread());
        // A sample of 320 x 480 takes a quarter of a millisecond from a full cache, and two where it is decoded.
        var time = Enumerable.Range(0, 50).Min(_ => Measure(1000)) / 1000;
        TestContext.Current.TestOutputHelper?.WriteLine($"{time.TotalNanoseconds} ns a sample");
        Assert.InRange(time.TotalMicroseconds, 0, 2.5);
        Assert.Equal(isHeard, sum > 0);

        TimeSpan Measure(int samples)
        {
            var from = Stopwatch.GetTimestamp();
            for (var sample = 0; sample < samples; sample++)
            {
                var worker = meter.Of(this);
                worker.Begin();
                worker.LookedUp(isHit: false);
                using (worker.Decode())
                {
                    worker.HasRead(20_000, Stopwatch.GetTimestamp());
                    worker.HasRead(2000, Stopwatch.GetTimestamp());
                }
                worker.End();
                meter.Wait();
                meter.HasBatch(1, 0);
            }
            return Stopwatch.GetElapsedTime(from);
        }
    }

    private static string KindOf(Instrument instrument) => instrument switch
    {
        Counter<long> => "counter",
        Histogram<double> => "histogram",
        ObservableUpDownCounter<int> => "up-down-counter",
        _ => instrument.GetType().Name,
    };

    private static string SplitOf(BadSet set, out SampleCatalog catalog)
    {
        var split = $"s{Guid.NewGuid():N}";
        File.WriteAllLines(
            Path.Combine(set.Root, "ImageSets", "Segmentation", split + ".txt"),
            Enumerable.Range(0, BadSet.Count).Select(BadSet.Id));
        catalog = SampleCatalog.FromVoc(set.Root, split);
        return split;
    }

    private static VocSegDataset Dataset(SampleCatalog catalog) =>
        new(catalog, new() { Transforms = [new RandomCrop(BadSet.Crop)], Seed = 11 });
}
