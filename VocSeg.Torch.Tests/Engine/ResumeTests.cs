using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace VocSeg.Torch.Tests.Engine;

/// <summary>A loop that was stopped anywhere goes on as if it had not been, whatever the options.</summary>
public sealed class ResumeTests : IDisposable
{
    private const string Variable = "VOCSEG_TEST_RESUME";
    private const int Epochs = 2;
    private readonly BadSet set = new();

    public static TheoryData<string> Names => LoaderCases.Names;

    public void Dispose() => set.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void The_rest_is_the_same_value_by_value_after_a_stop_anywhere(string name)
    {
        var (transforms, options) = LoaderCases.Get(name);
        var random = new Random(name.Length);
        using var dataset = set.Dataset(transforms);
        foreach (var shard in new[] { Shard.Single, new Shard(1, 2) })
        {
            using var unbroken = new VocSegDataLoader(dataset, options with { Shard = shard });
            var expected = BatchValues.Epochs(unbroken, Epochs);
            for (var attempt = 0; attempt < 4; attempt++)
            {
                var stop = random.Next(expected.Count);
                var state = StoppedAt(stop, dataset, options with { Shard = shard });
                using var again = set.Dataset(transforms);
                using var resumed = new VocSegDataLoader(again, options with
                {
                    Shard = shard,
                    Workers = 1 + attempt % 3,
                    Prefetch = 1 + attempt % 2,
                    Cache = attempt % 2 == 0 ? SampleCache.None : SampleCache.Host,
                })
                {
                    State = state,
                };
                var rest = new List<BatchValues>();
                while (resumed.NextEpoch < Epochs)
                    rest.AddRange(resumed.Select(BatchValues.Read));
                BatchValues.RequireEqual(expected[stop..], rest);
            }
        }
    }

    [Fact]
    public void The_rest_is_the_same_in_a_new_process()
    {
        // The new process runs this test too, finds the file, and writes what it reads in the place of states.
        if (Environment.GetEnvironmentVariable(Variable) is { } given)
        {
            var stopped = JsonSerializer.Deserialize<Stopped>(File.ReadAllText(given))!;
            var catalog = SampleCatalog.FromVoc(stopped.Root, "train");
            var read = stopped.States.ToDictionary(
                pair => pair.Key,
                pair => Rest(catalog, pair.Key, pair.Value),
                StringComparer.Ordinal);
            File.WriteAllText(given, JsonSerializer.Serialize(read));
            return;
        }

        var states = new Dictionary<string, VocSegLoaderState>(StringComparer.Ordinal);
        var expected = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var row in Names)
        {
            var name = row.Data;
            var (transforms, options) = LoaderCases.Get(name);
            using var dataset = set.Dataset(transforms);
            states[name] = StoppedAt(3, dataset, options);
            using var unbroken = new VocSegDataLoader(dataset, options);
            expected[name] = [.. unbroken.Select(Checksum).Skip(3)];
            Assert.NotEmpty(expected[name]);
        }
        using var folder = new TempFolder();
        var file = folder["states.json"];
        File.WriteAllText(file, JsonSerializer.Serialize(new Stopped(set.Root, states)));
        var method = $"{typeof(ResumeTests).FullName}.{nameof(The_rest_is_the_same_in_a_new_process)}";
        // The tests may run as a program of their own, without dotnet.
        var isDotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet";
        string[] program = isDotnet ? [typeof(ResumeTests).Assembly.Location] : [];
        var (exitCode, output, error) = ChildProcess.Run(
            Environment.ProcessPath!, [.. program, "-noLogo", "-noColor", "-method", method], (Variable, file));
        Assert.True(exitCode == 0, output + error);
        var actual = JsonSerializer.Deserialize<Dictionary<string, string[]>>(File.ReadAllText(file))!;
        Assert.Equal(expected, actual);
    }

    private static VocSegLoaderState StoppedAt(int stop, VocSegDataset dataset, VocSegDataLoaderOptions options)
    {
        using var loader = new VocSegDataLoader(dataset, options);
        var done = 0;
        while (done < stop)
        {
            foreach (var batch in loader)
            {
                if (++done == stop)
                    break;
            }
        }
        return JsonSerializer.Deserialize<VocSegLoaderState>(JsonSerializer.Serialize(loader.State))!;
    }

    private static string[] Rest(SampleCatalog catalog, string name, VocSegLoaderState state)
    {
        var (transforms, options) = LoaderCases.Get(name);
        using var dataset = new VocSegDataset(catalog, new() { Transforms = [.. transforms], Seed = state.Seed });
        using var loader = new VocSegDataLoader(dataset, options) { State = state };
        return [.. loader.Select(Checksum)];
    }

    private static string Checksum(VocSegBatch batch)
    {
        var values = BatchValues.Read(batch);
        var hash = new XxHash3();
        hash.Append(MemoryMarshal.AsBytes<long>(values.Indices));
        hash.Append(MemoryMarshal.AsBytes<float>(values.Image));
        hash.Append(MemoryMarshal.AsBytes<double>(values.Label));
        return $"{hash.GetCurrentHashAsUInt64():x16}";
    }

    private sealed record Stopped(string Root, Dictionary<string, VocSegLoaderState> States);
}
