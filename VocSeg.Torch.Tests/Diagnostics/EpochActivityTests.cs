using System.Diagnostics;

namespace VocSeg.Torch.Tests.Diagnostics;

/// <summary>The activity of an epoch, as OpenTelemetry would export it.</summary>
public sealed class EpochActivityTests : IDisposable
{
    private readonly BadSet set = new();
    private readonly string split = $"s{Guid.NewGuid():N}";
    private readonly VocSegDataset dataset;
    private readonly List<Activity> ended = [];
    private readonly ActivityListener listener;

    public EpochActivityTests()
    {
        File.WriteAllLines(
            Path.Combine(set.Root, "ImageSets", "Segmentation", split + ".txt"),
            Enumerable.Range(0, BadSet.Count).Select(BadSet.Id));
        dataset = new(
            SampleCatalog.FromVoc(set.Root, split), new() { Transforms = [new RandomCrop(BadSet.Crop)], Seed = 11 });
        listener = new()
        {
            ShouldListenTo = source => source.Name == "VocSeg.Torch",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (!split.Equals(activity.GetTagItem("vocseg.split")))
                    return;
                lock (ended)
                    ended.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
    }

    public void Dispose()
    {
        listener.Dispose();
        dataset.Dispose();
        set.Dispose();
    }

    [Fact]
    public void Every_epoch_has_one_with_its_sums_and_how_it_ended()
    {
        using var loader = new VocSegDataLoader(
            dataset, new() { BatchSize = 5, OnError = OnError.Skip(0.5), Warn = _ => { } });
        Assert.Equal(5, loader.Count());
        var skipped = loader.Skipped.Count;
        foreach (var batch in loader)
            break;
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var batch in loader.WithCancellation(cancellation.Token))
                cancellation.Cancel();
        });
        Assert.Equal(
            [
                ("whole", ActivityStatusCode.Ok), ("left", ActivityStatusCode.Unset),
                ("cancelled", ActivityStatusCode.Unset),
            ],
            ended.Select(activity => ((string)activity.GetTagItem("vocseg.epoch.end")!, activity.Status)));
        Assert.Equal([0L, 1L, 2L], ended.Select(activity => (long)activity.GetTagItem("vocseg.epoch")!));
        Assert.All(ended, activity => Assert.Equal("epoch", activity.OperationName));
        Assert.All(ended, activity => Assert.True(activity.Duration > TimeSpan.Zero));
        Assert.Equal(
            [5L, 24L, (long)skipped],
            new[] { "vocseg.batches", "vocseg.samples", "vocseg.skipped_samples" }
                .Select(name => (long)ended[0].GetTagItem(name)!));
    }

    [Fact]
    public void An_error_is_its_status()
    {
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 2 });
        var error = Assert.Throws<DatasetException>(() => loader.Count());
        var activity = Assert.Single(ended);
        Assert.Equal((ActivityStatusCode.Error, error.Message), (activity.Status, activity.StatusDescription));
        Assert.Equal("failed", activity.GetTagItem("vocseg.epoch.end"));
        Assert.Equal(typeof(DatasetException).FullName, activity.GetTagItem("error.type"));
        Assert.InRange(loader.LastEpoch!.Batches, 1, loader.Count - 1);
        Assert.Equal(loader.LastEpoch.Batches, activity.GetTagItem("vocseg.batches"));
    }

    [Fact]
    public void It_is_a_part_of_the_callers_activity_and_does_not_take_its_place()
    {
        using var own = new Activity("training").Start();
        using var loader = new VocSegDataLoader(
            dataset, new() { BatchSize = 5, OnError = OnError.Skip(0.5), Warn = _ => { } });
        foreach (var batch in loader)
            Assert.Same(own, Activity.Current);
        Assert.Same(own, Activity.Current);
        Assert.Equal(own.SpanId, Assert.Single(ended).ParentSpanId);
    }
}
