using System.CommandLine;
using Options;
using VocSeg.Torch;

namespace LoadBatches;

/// <summary>What the command line asks for.</summary>
internal sealed record Settings(string Root, string Split, string Labels, VocSegDatasetOptions Data, VocSegDataLoaderOptions Loading, string Device, int Epochs)
{
    /// <summary>The command line; <paramref name="run"/> is called with what it says.</summary>
    internal static RootCommand Command(Func<Settings, CancellationToken, int> run)
    {
        var root = DataSetOptions.Root();
        var split = DataSetOptions.Split();
        var labels = DataSetOptions.Labels();
        var batchSize = NumberOption.Create("--batch-size", "Samples in a batch.", 64);
        var crop = CropOption.Create();
        var device = DeviceOption.Create();
        var workers = NumberOption.Create("--workers", "Threads that decode.", Environment.ProcessorCount);
        var prefetch = NumberOption.Create("--prefetch", "Batches made ahead of the loop.", 2);
        var cache = ChoiceOption.Create<SampleCache>("--cache", "Whether decoded samples are kept. [default: none]");
        var decoder = ChoiceOption.Create<ImageDecoderKind>("--decoder", "What decodes JPEG images. [default: auto]");
        var epochs = NumberOption.Create("--epochs", "Epochs to run; the first warms up and does not count where there are more.", 3);
        var seed = new Option<long?>("--seed") { Description = "What order and windows are drawn from; without it they differ from run to run.", HelpName = "N" };

        var command = new RootCommand("Loads a VOC-shaped data set in batches, says what they are and how fast they come.")
        {
            root, split, labels, batchSize, crop, device, workers, prefetch, cache, decoder, epochs, seed,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() => run(
            new(
                parsed.GetRequiredValue(root),
                parsed.GetRequiredValue(split),
                parsed.GetRequiredValue(labels),
                new() { Crop = parsed.GetRequiredValue(crop), Decoder = parsed.GetValue(decoder) ?? ImageDecoderKind.Auto, Seed = parsed.GetValue(seed) },
                new()
                {
                    BatchSize = parsed.GetValue(batchSize)!.Value,
                    Shuffle = true,
                    DropLast = true,
                    Workers = parsed.GetValue(workers)!.Value,
                    Prefetch = parsed.GetValue(prefetch)!.Value,
                    Cache = parsed.GetValue(cache) ?? SampleCache.None,
                },
                parsed.GetRequiredValue(device),
                parsed.GetValue(epochs)!.Value),
            cancellation)));
        return command;
    }
}
