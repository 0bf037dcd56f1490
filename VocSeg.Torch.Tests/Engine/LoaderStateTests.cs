using System.Text.Json;

namespace VocSeg.Torch.Tests.Engine;

public sealed class LoaderStateTests(SampleSet set) : IClassFixture<SampleSet>
{
    private static readonly VocSegDataLoaderOptions Options = new() { BatchSize = 5, Shuffle = true };

    [Fact]
    public void A_loader_set_to_a_saved_state_goes_on_with_the_very_next_batch()
    {
        using var dataset = set.Dataset();
        using var whole = new VocSegDataLoader(dataset, Options);
        var expected = whole.Concat(whole).Select(batch => batch.Image.Values<float>()).ToList();
        Assert.Equal(10, expected.Count);

        for (var stop = 0; stop < 10; stop++)
        {
            using var interrupted = new VocSegDataLoader(dataset, Options);
            var values = new List<float[]>();
            while (values.Count < stop)
            {
                foreach (var batch in interrupted)
                {
                    values.Add(batch.Image.Values<float>());
                    if (values.Count == stop)
                        break;
                }
            }
            var saved = JsonSerializer.Serialize(interrupted.State);
            using var again = set.Dataset();
            using var resumed = new VocSegDataLoader(again, Options)
            {
                State = JsonSerializer.Deserialize<VocSegLoaderState>(saved)!,
            };
            while (values.Count < 10)
                values.AddRange(resumed.Select(batch => batch.Image.Values<float>()));
            Assert.Equal(expected, values);
        }
    }

    [Fact]
    public void State_names_the_batch_after_the_current_one()
    {
        using var dataset = set.Dataset();
        using var loader = new VocSegDataLoader(dataset, Options);
        Assert.Equal((0, 0), (loader.State.Epoch, loader.State.Batch));
        var seen = new List<(long, long)>();
        foreach (var batch in loader)
            seen.Add((loader.State.Epoch, loader.State.Batch));
        Assert.Equal([(0, 1), (0, 2), (0, 3), (0, 4), (1, 0)], seen);
        Assert.Equal(1, loader.NextEpoch);
    }

    [Fact]
    public void A_new_loop_after_an_early_end_begins_the_next_epoch()
    {
        using var dataset = set.Dataset();
        using var loader = new VocSegDataLoader(dataset, Options);
        foreach (var batch in loader)
            break;
        Assert.Equal((0, 1), (loader.State.Epoch, loader.State.Batch));
        Assert.Equal(1, loader.First().Epoch);
    }

    [Fact]
    public void A_state_of_another_loader_is_refused()
    {
        using var dataset = set.Dataset(seed: 7);
        using var loader = new VocSegDataLoader(dataset, Options);
        Assert.Throws<ArgumentException>(() => loader.State = loader.State with { Seed = 8 });
        Assert.Throws<ArgumentException>(
            () => loader.State = loader.State with { BatchSize = 6, Shuffle = true, DropLast = true });
        Assert.Throws<ArgumentException>(() => loader.State = loader.State with { Samples = 24 });
        Assert.Throws<ArgumentException>(() => loader.State = loader.State with { Shuffle = false });
        Assert.Throws<ArgumentException>(() => loader.State = loader.State with { DropLast = true });
        Assert.Throws<ArgumentException>(() => loader.State = loader.State with { Batch = 5 });
        Assert.Throws<ArgumentException>(() => loader.State = loader.State with { Epoch = -1 });
    }
}
