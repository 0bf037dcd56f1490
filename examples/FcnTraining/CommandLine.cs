using System.CommandLine;
using System.Globalization;
using Options;
using VocSeg.Torch;

namespace FcnTraining;

/// <summary>The options and what they mean.</summary>
internal static class CommandLine
{
    internal static RootCommand Command(Func<Settings, CancellationToken, int> run)
    {
        var root = DataSetOptions.Root();
        var trainSplit = DataSetOptions.Split("--train-split", "train", "What to train on");
        var validationSplit = DataSetOptions.Split("--val-split", "val", "What to evaluate on after every epoch");
        var labels = DataSetOptions.Labels();
        var output = new Option<string>("--out") { Description = "Where checkpoints, metrics.jsonl, predictions and the gallery go.", HelpName = "DIR", DefaultValueFactory = _ => "runs/fcn" };
        var device = DeviceOption.Create();
        var crop = CropOption.Create();
        var batchSize = NumberOption.Create("--batch-size", "Samples in a batch. [default: 16]");
        var epochs = NumberOption.Create("--epochs", "Epochs to train. [default: 30]");
        var rate = Real("--lr", "Learning rate of SGD. [default: 0.01]");
        var momentum = Real("--momentum", "Momentum of SGD. [default: 0.9]");
        var decay = Real("--weight-decay", "Weight decay of SGD. [default: 0.001]");
        var schedule = ChoiceOption.Create<ScheduleKind>("--schedule", "Learning rate over the steps: poly falls to 0 as (1 - step / steps)^0.9. [default: poly]");
        var textbook = new Option<bool>("--textbook")
        {
            Description = "The recipe of the d2l.ai chapter: border as background, loss summed over the batch, constant rate 0.001 without momentum, batch 32, 5 epochs; prints its three numbers beside the chapter's. Other options still count.",
        };

        var head = ChoiceOption.Create<FcnHead>("--head", "fcn32: one transposed convolution up by 32, as in the chapter; fcn8: skips from two earlier stages. [default: fcn32]");
        var width = NumberOption.Create("--width", "Channels behind the first convolution: 64 is ResNet-18, 16 trains on a CPU.", ResNet18.FullWidth);
        var weights = new Option<string?>("--weights") { Description = "A safetensors file with torchvision's ResNet-18 weights for the trunk (needs --width 64); with --resume it does not count.", HelpName = "FILE" };

        var workers = NumberOption.Create("--workers", "Threads that decode.", Environment.ProcessorCount);
        var cache = ChoiceOption.Create<SampleCache>("--cache", "Whether decoded samples are kept. [default: none]");
        var seed = new Option<long?>("--seed") { Description = "What weights, order and windows are drawn from; without it they differ from run to run.", HelpName = "N" };
        var logEvery = NumberOption.Create("--log-every", "Batches between two reports of loss and accuracy.", 10);
        var checkpointEvery = NumberOption.Create("--checkpoint-every", "Batches between two checkpoints, beside the one after every epoch; 0 for none.", 0, atLeast: 0);
        var gallery = NumberOption.Create("--gallery", "Samples in the gallery at the end, or of --predict; 0 for no gallery.", 8, atLeast: 0);
        var tensorBoard = new Option<bool>("--tensorboard") { Description = "Also writes TensorBoard event files, to the folder tensorboard in --out." };
        var resume = new Option<bool>("--resume") { Description = "Goes on with the very next batch of the training in --out; give the other options as before." };
        var predict = new Option<string?>("--predict")
        {
            Description = "Trains nothing: writes class-colour masks of a split, a folder of photos or one photo, and a gallery of the first of them, with the best checkpoint in --out.",
            HelpName = "WHAT",
        };

        var command = new RootCommand("Trains a fully convolutional network on a VOC-shaped data set, in float32 (TorchSharp has no autocast), evaluates it, and shows what it sees.")
        {
            root, trainSplit, validationSplit, labels, output, device, crop, batchSize, epochs, rate, momentum, decay, schedule, textbook,
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
                    Labels = parsed.GetRequiredValue(labels),
                    Out = parsed.GetRequiredValue(output),
                    Device = parsed.GetRequiredValue(device),
                    Crop = parsed.GetRequiredValue(crop),
                    BatchSize = parsed.GetValue(batchSize) ?? (chapter ? 32 : 16),
                    Epochs = parsed.GetValue(epochs) ?? (chapter ? 5 : 30),
                    LearningRate = parsed.GetValue(rate) ?? (chapter ? 1e-3 : 1e-2),
                    Momentum = parsed.GetValue(momentum) ?? (chapter ? 0 : 0.9),
                    WeightDecay = parsed.GetValue(decay) ?? 1e-3,
                    Schedule = parsed.GetValue(schedule) ?? (chapter ? ScheduleKind.Constant : ScheduleKind.Poly),
                    Head = parsed.GetValue(head) ?? FcnHead.Fcn32,
                    Width = parsed.GetValue(width)!.Value,
                    Weights = parsed.GetValue(weights),
                    Workers = parsed.GetValue(workers)!.Value,
                    Cache = parsed.GetValue(cache) ?? SampleCache.None,
                    Seed = parsed.GetValue(seed),
                    LogEvery = parsed.GetValue(logEvery)!.Value,
                    CheckpointEvery = parsed.GetValue(checkpointEvery)!.Value,
                    Gallery = parsed.GetValue(gallery)!.Value,
                    TensorBoard = parsed.GetValue(tensorBoard),
                    Textbook = chapter,
                    Resume = parsed.GetValue(resume),
                    Predict = parsed.GetValue(predict),
                },
                cancellation), CancellationToken.None);
        });
        return command;
    }

    private static Option<double?> Real(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "X",
        CustomParser = result =>
        {
            if (double.TryParse(result.Given(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= 0 && double.IsFinite(value))
                return value;
            result.AddError($"{name} is a number that is not below 0; '{result.Given()}' was given.");
            return null;
        },
    };
}
