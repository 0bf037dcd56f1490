using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using VocSeg.Torch;

namespace FcnTraining;

/// <summary>The options and what they mean.</summary>
internal static class CommandLine
{
    internal static RootCommand Command(Func<Settings, CancellationToken, int> run)
    {
        var root = new Option<string>("--root") { Description = "The VOC2012 folder, the VOCdevkit folder that holds it, or the folder that holds VOCdevkit.", HelpName = "DIR", Required = true };
        var trainSplit = Text("--train-split", "NAME", "The list to train on: train, another in ImageSets/Segmentation, or the path of a list file.", "train");
        var validationSplit = Text("--val-split", "NAME", "The list to evaluate on after every epoch.", "val");
        var output = Text("--out", "DIR", "Where checkpoints, metrics.jsonl, predictions and the gallery go.", "runs/fcn");
        var device = Text("--device", "DEVICE", "cpu, cuda, or cuda:N. Everything is float32: TorchSharp has no autocast, and bfloat16 weights lose the small steps of SGD.", "cpu");
        device.Validators.Add(RequireDeviceName);

        var crop = new Option<CropSize?>("--crop") { Description = "Height and width of the training window; smaller samples are left out. [default: 320x480]", HelpName = "HxW", CustomParser = ParseCrop };
        var batchSize = Whole("--batch-size", "Samples in a batch. [default: 16]");
        var epochs = Whole("--epochs", "Epochs to train. [default: 30]");
        var rate = Real("--lr", "Learning rate of SGD. [default: 0.01]");
        var momentum = Real("--momentum", "Momentum of SGD. [default: 0.9]");
        var decay = Real("--weight-decay", "Weight decay of SGD. [default: 0.001]");
        var schedule = Choice<ScheduleKind>("--schedule", "Learning rate over the steps: poly falls to 0 as (1 - step / steps)^0.9. [default: poly]");
        var textbook = new Option<bool>("--textbook")
        {
            Description = "The recipe of the d2l.ai chapter: border as background, loss summed over the batch, constant rate 0.001 without momentum, batch 32, 5 epochs; prints its three numbers beside the chapter's. Other options still count.",
        };

        var head = Choice<FcnHead>("--head", "fcn32: one transposed convolution up by 32, as in the chapter; fcn8: skips from two earlier stages. [default: fcn32]");
        var width = Whole("--width", "Channels behind the first convolution: 64 is ResNet-18, 16 trains on a CPU. [default: 64]");
        var weights = new Option<string?>("--weights") { Description = "A safetensors file with torchvision's ResNet-18 weights for the trunk (needs --width 64); with --resume it does not count.", HelpName = "FILE" };

        var workers = Whole("--workers", "Threads that decode. [default: one a processor]");
        var cache = Choice<SampleCache>("--cache", "Whether decoded samples are kept. [default: none]");
        var seed = new Option<long?>("--seed") { Description = "What weights, order and windows are drawn from; without it they differ from run to run.", HelpName = "N" };
        var logEvery = Whole("--log-every", "Batches between two reports of loss and accuracy. [default: 10]");
        var checkpointEvery = Count("--checkpoint-every", "Batches between two checkpoints, beside the one after every epoch; 0 for none. [default: 0]");
        var gallery = Count("--gallery", "Samples in the gallery at the end, or of --predict; 0 for no gallery. [default: 8]");
        var tensorBoard = new Option<bool>("--tensorboard") { Description = "Also writes TensorBoard event files, to the folder tensorboard in --out." };
        var resume = new Option<bool>("--resume") { Description = "Goes on with the very next batch of the training in --out; give the other options as before." };
        var predict = new Option<string?>("--predict")
        {
            Description = "Trains nothing: writes class-colour masks of a split, a folder of photos or one photo, and a gallery of the first of them, with the best checkpoint in --out.",
            HelpName = "WHAT",
        };

        var command = new RootCommand("Trains a fully convolutional network on a VOC-shaped data set, evaluates it, and shows what it sees.")
        {
            root, trainSplit, validationSplit, output, device, crop, batchSize, epochs, rate, momentum, decay, schedule, textbook,
            head, width, weights, workers, cache, seed, logEvery, checkpointEvery, gallery, tensorBoard, resume, predict,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var chapter = parsed.GetValue(textbook);
            // On a thread of its own, so that Ctrl-C can wait for it.
            return Task.Run(() => run(
                new()
                {
                    Root = parsed.GetRequiredValue(root),
                    TrainSplit = parsed.GetRequiredValue(trainSplit),
                    ValidationSplit = parsed.GetRequiredValue(validationSplit),
                    Out = parsed.GetRequiredValue(output),
                    Device = parsed.GetRequiredValue(device),
                    Crop = parsed.GetValue(crop) ?? new(320, 480),
                    BatchSize = parsed.GetValue(batchSize) ?? (chapter ? 32 : 16),
                    Epochs = parsed.GetValue(epochs) ?? (chapter ? 5 : 30),
                    LearningRate = parsed.GetValue(rate) ?? (chapter ? 1e-3 : 1e-2),
                    Momentum = parsed.GetValue(momentum) ?? (chapter ? 0 : 0.9),
                    WeightDecay = parsed.GetValue(decay) ?? 1e-3,
                    Schedule = parsed.GetValue(schedule) ?? (chapter ? ScheduleKind.Constant : ScheduleKind.Poly),
                    Head = parsed.GetValue(head) ?? FcnHead.Fcn32,
                    Width = parsed.GetValue(width) ?? ResNet18.FullWidth,
                    Weights = parsed.GetValue(weights),
                    Workers = parsed.GetValue(workers) ?? Environment.ProcessorCount,
                    Cache = parsed.GetValue(cache) ?? SampleCache.None,
                    Seed = parsed.GetValue(seed),
                    LogEvery = parsed.GetValue(logEvery) ?? 10,
                    CheckpointEvery = parsed.GetValue(checkpointEvery) ?? 0,
                    Gallery = parsed.GetValue(gallery) ?? 8,
                    TensorBoard = parsed.GetValue(tensorBoard),
                    Textbook = chapter,
                    Resume = parsed.GetValue(resume),
                    Predict = parsed.GetValue(predict),
                },
                cancellation), CancellationToken.None);
        });
        return command;
    }

    private static Option<string> Text(string name, string helpName, string description, string standard) =>
        new(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => standard };

    private static Option<int?> Whole(string name, string description) => Number(name, description, atLeast: 1);

    private static Option<int?> Count(string name, string description) => Number(name, description, atLeast: 0);

    private static Option<int?> Number(string name, string description, int atLeast) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            if (int.TryParse(Given(result), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= atLeast)
                return value;
            result.AddError($"{name} is a whole number of at least {atLeast}; '{Given(result)}' was given.");
            return null;
        },
    };

    private static Option<double?> Real(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "X",
        CustomParser = result =>
        {
            if (double.TryParse(Given(result), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= 0 && double.IsFinite(value))
                return value;
            result.AddError($"{name} is a number that is not below 0; '{Given(result)}' was given.");
            return null;
        },
    };

    private static Option<T?> Choice<T>(string name, string description)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(value => value.ToLowerInvariant()).ToArray();
        return new(name)
        {
            Description = description,
            HelpName = string.Join('|', names),
            CustomParser = result =>
            {
                if (names.Contains(Given(result), StringComparer.Ordinal))
                    return Enum.Parse<T>(Given(result), ignoreCase: true);
                result.AddError($"{name} is {string.Join(", ", names[..^1])} or {names[^1]}; '{Given(result)}' was given.");
                return null;
            },
        };
    }

    private static CropSize? ParseCrop(ArgumentResult result)
    {
        if (CropSize.TryParse(Given(result), out var size))
            return size;
        result.AddError($"--crop is a height and a width such as 320x480; '{Given(result)}' was given.");
        return null;
    }

    private static string Given(ArgumentResult result) => result.Tokens.Count == 1 ? result.Tokens[0].Value : "";

    private static void RequireDeviceName(OptionResult result)
    {
        var name = result.Tokens is [var token] ? token.Value : "cpu";
        var isCuda = name == "cuda" || (name.StartsWith("cuda:", StringComparison.Ordinal) && uint.TryParse(name.AsSpan(5), out _));
        if (name != "cpu" && !isCuda)
            result.AddError($"--device is cpu, cuda or cuda:N; '{name}' was given.");
    }
}
