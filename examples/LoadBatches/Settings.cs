using System.CommandLine;
using System.CommandLine.Parsing;
using VocSeg.Torch;

namespace LoadBatches;

/// <summary>What the command line asks for.</summary>
internal sealed record Settings(string Root, string Split, VocSegDatasetOptions Data, VocSegDataLoaderOptions Loading, string Device, int Epochs)
{
    /// <summary>The command line; <paramref name="run"/> is called with what it says.</summary>
    internal static RootCommand Command(Func<Settings, CancellationToken, int> run)
    {
        var root = new Option<string>("--root")
        {
            Description = "The VOC2012 folder, the VOCdevkit folder that holds it, or the folder that holds VOCdevkit.",
            HelpName = "DIR",
            Required = true,
        };
        var split = new Option<string>("--split")
        {
            Description = "train, val, trainval, another list in ImageSets/Segmentation, or the path of a list file.",
            HelpName = "NAME",
            DefaultValueFactory = _ => "train",
        };
        var batchSize = Number("--batch-size", "Samples in a batch.", 64);
        var crop = new Option<CropSize>("--crop")
        {
            Description = "Height and width of the window; smaller samples are left out.",
            HelpName = "HxW",
            CustomParser = ParseCrop,
            DefaultValueFactory = _ => new CropSize(320, 480),
        };
        var device = new Option<string>("--device")
        {
            Description = "cpu, cuda, or cuda:N.",
            HelpName = "DEVICE",
            DefaultValueFactory = _ => "cpu",
        };
        device.Validators.Add(RequireDeviceName);
        var workers = Number("--workers", "Threads that decode.", Environment.ProcessorCount);
        var prefetch = Number("--prefetch", "Batches made ahead of the loop.", 2);
        var cache = Choice<SampleCache>("--cache", "Whether decoded samples are kept: none, host or device.");
        var decoder = Choice<ImageDecoderKind>("--decoder", "What decodes JPEG images: auto, skia or turbojpeg.");
        var epochs = Number("--epochs", "Epochs to run; the first warms up and does not count where there are more.", 3);
        var seed = new Option<long?>("--seed") { Description = "What order and windows are drawn from; without it they differ from run to run.", HelpName = "N" };

        var command = new RootCommand("Loads a VOC-shaped data set in batches, says what they are and how fast they come.")
        {
            root, split, batchSize, crop, device, workers, prefetch, cache, decoder, epochs, seed,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() => run(
            new(
                parsed.GetRequiredValue(root),
                parsed.GetRequiredValue(split),
                new() { Crop = parsed.GetRequiredValue(crop), Decoder = parsed.GetRequiredValue(decoder), Seed = parsed.GetValue(seed) },
                new()
                {
                    BatchSize = parsed.GetRequiredValue(batchSize),
                    Workers = parsed.GetRequiredValue(workers),
                    Prefetch = parsed.GetRequiredValue(prefetch),
                    Cache = parsed.GetRequiredValue(cache),
                },
                parsed.GetRequiredValue(device),
                parsed.GetRequiredValue(epochs)),
            cancellation)));
        return command;
    }

    private static Option<int> Number(string name, string description, int standard)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var value) && value < 1)
                result.AddError($"{name} is at least 1; {value} was given.");
        });
        return option;
    }

    private static Option<T> Choice<T>(string name, string description)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(value => value.ToLowerInvariant()).ToArray();
        return new(name)
        {
            Description = description,
            HelpName = string.Join('|', names),
            DefaultValueFactory = _ => default,
            CustomParser = result =>
            {
                var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
                if (!names.Contains(text, StringComparer.Ordinal))
                    result.AddError($"{name} is {string.Join(", ", names[..^1])} or {names[^1]}; '{text}' was given.");
                return Enum.TryParse<T>(text, ignoreCase: true, out var value) ? value : default;
            },
        };
    }

    private static CropSize ParseCrop(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (!CropSize.TryParse(text, out var size))
            result.AddError($"--crop is a height and a width such as 320x480; '{text}' was given.");
        return size;
    }

    private static void RequireDeviceName(OptionResult result)
    {
        var name = result.Tokens is [var token] ? token.Value : "cpu";
        var isCuda = name == "cuda" || (name.StartsWith("cuda:", StringComparison.Ordinal) && uint.TryParse(name.AsSpan(5), out _));
        if (name != "cpu" && !isCuda)
            result.AddError($"--device is cpu, cuda or cuda:N; '{name}' was given.");
    }
}
