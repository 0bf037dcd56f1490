using FcnTraining;
using TorchSharp;
using VocSeg.Torch;
using static TorchSharp.torch.nn.functional;

const int Failed = 1, WrongUse = 2, Interrupted = 130;

var parsed = CommandLine.Command(Run).Parse(args);
if (parsed.Errors.Count > 0)
    return Refuse(parsed.Errors[0].Message, WrongUse);
// Time for the step that runs, and a checkpoint, after Ctrl-C.
return await parsed.InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromMinutes(2) });

static int Run(Settings settings, CancellationToken cancellation)
{
    if (settings.Device != "cpu" && !torch.cuda.is_available())
        return Refuse($"--device {settings.Device}: this libtorch finds no CUDA device; use --device cpu.", WrongUse);
    var begun = false;
    try
    {
        return settings.Predict is null ? Train(settings, () => begun = true, cancellation) : Prediction.Run(settings, cancellation);
    }
    catch (Exception error) when (error is DatasetException or ArgumentException or InvalidOperationException or InvalidDataException or IOException or UnauthorizedAccessException)
    {
        return Refuse(error.Message, begun ? Failed : WrongUse);
    }
    catch (OperationCanceledException)
    {
        return Interrupted;
    }
}

static int Train(Settings settings, Action begun, CancellationToken cancellation)
{
    // Where a killed training stood, and the seed that it had.
    Directory.CreateDirectory(settings.Out);
    var saved = settings.Resume ? Checkpoint.Read(settings.LastCheckpoint) : null;
    if (saved is null && File.Exists(settings.LastCheckpoint))
        throw new InvalidOperationException($"{settings.Out} holds a training already; go on with it by --resume, or name another folder by --out.");
    if (saved is not null && settings.Seed is { } given && given != saved.Loader.Seed)
        throw new InvalidOperationException($"--seed {given}: the training in {settings.Out} has the seed {saved.Loader.Seed}; leave --seed out to go on with it.");
    var seed = saved?.Loader.Seed ?? settings.Seed ?? Random.Shared.NextInt64();
    torch.manual_seed(seed);
    var device = torch.device(settings.Device);

    // Data: random windows, already normalized and on the device. Validation has the same windows every epoch.
    var files = new SampleCatalogOptions { LabelFolder = settings.Labels };
    var data = new VocSegDatasetOptions { Crop = settings.Crop, Palette = settings.Palette, Device = device, Seed = seed };
    var loading = new VocSegDataLoaderOptions { BatchSize = settings.BatchSize, Shuffle = true, DropLast = true, Workers = settings.Workers, Cache = settings.Cache };
    using var trainSet = new VocSegDataset(SampleCatalog.FromVoc(settings.Root, settings.TrainSplit, files, cancellationToken: cancellation), data);
    using var train = new VocSegDataLoader(trainSet, loading);
    using var validationSet = new VocSegDataset(SampleCatalog.FromVoc(settings.Root, settings.ValidationSplit, files, cancellationToken: cancellation), data);
    using var validation = new VocSegDataLoader(validationSet, loading with { Shuffle = false, DropLast = false });

    // Model and optimizer.
    var shape = new FcnShape(settings.Palette.ClassCount, settings.Width, settings.Head);
    using var model = new Fcn(shape);
    if (settings.Weights is not null && saved is null)
        PretrainedTrunk.Load(model.Trunk, settings.Weights);
    model.to(device);
    using var optimizer = torch.optim.SGD(model.parameters(), settings.LearningRate, settings.Momentum, weight_decay: settings.WeightDecay);
    var schedule = new Schedule(settings.Schedule, settings.LearningRate, settings.Epochs * train.Count);
    var (step, bestMeanIoU) = (0L, -1.0);
    if (saved is not null)
    {
        Checkpoint.Restore(settings.LastCheckpoint, model, optimizer);
        train.State = saved.Loader;
        (step, bestMeanIoU) = (saved.Step, saved.BestMeanIoU);
    }
    void Save(string path) => new Checkpoint(shape, train.State, step, bestMeanIoU).Save(path, model, optimizer);
    int Stopped(TrainingProgress progress)
    {
        progress.Line($"stopped after step {step}; --resume goes on from {settings.LastCheckpoint}");
        return Interrupted;
    }

    begun();
    Console.WriteLine($"{trainSet.Count} of {trainSet.TotalCount} training and {validationSet.Count} of {validationSet.TotalCount} validation samples, {shape}, seed {seed}");
    if (saved is not null)
        Console.WriteLine($"going on after step {step} of {schedule.Steps}");

    // The loop. Loss and counts stay on the device until a report needs them.
    using var trained = new ConfusionMatrix(shape.Classes, device, settings.Palette.IgnoreIndex);
    using var evaluated = new ConfusionMatrix(shape.Classes, device, settings.Palette.IgnoreIndex);
    using var lossSum = torch.zeros(1, device: device);
    using var log = new TrainingLog(settings.Out, step, settings.TensorBoard);
    TrainingReport? first = null, last = null;
    SegmentationScore? score = null;
    using (var progress = new TrainingProgress(schedule.Steps, step))
    {
        var clock = new StepClock(device);
        for (var epoch = train.NextEpoch; epoch < settings.Epochs; epoch++)
        {
            model.train();
            trained.Reset();
            lossSum.zero_();
            clock.StartEpoch();
            var batches = 0;
            foreach (var batch in train)
            {
                using var scope = torch.NewDisposeScope();
                clock.BatchArrived();
                foreach (var group in optimizer.ParamGroups)
                    group.LearningRate = schedule.At(step);
                optimizer.zero_grad();
                var logits = model.call(batch.Image);
                var loss = cross_entropy(logits, batch.Label, ignore_index: settings.Palette.IgnoreIndex);
                // The chapter sums the loss over the batch.
                (settings.Textbook ? loss * batch.Indices.Count : loss).backward();
                optimizer.step();
                step++;
                batches++;
                using (torch.no_grad())
                {
                    lossSum.add_(loss.detach());
                    trained.Add(logits.argmax(1), batch.Label);
                }
                clock.StepDone(batch.Indices.Count);
                progress.StepDone(step);

                var endsEpoch = step % train.Count == 0;
                if (endsEpoch || step % settings.LogEvery == 0)
                {
                    last = new(epoch + 1, step, lossSum.item<float>() / batches, trained.Score().PixelAccuracy, schedule.At(step - 1), clock.ImagesPerSecond, clock.WaitShare);
                    log.Train(last);
                    progress.Report(last, endsEpoch);
                }
                if (endsEpoch)
                    continue;
                if (cancellation.IsCancellationRequested)
                {
                    Save(settings.LastCheckpoint);
                    return Stopped(progress);
                }
                if (settings.CheckpointEvery > 0 && step % settings.CheckpointEvery == 0)
                    Save(settings.LastCheckpoint);
            }
            first ??= last;

            score = Evaluate(model, validation, evaluated);
            log.Validation(epoch + 1, step, score, settings.Palette);
            progress.Line($"epoch {epoch + 1} of {settings.Epochs}: {last}; validation accuracy {score.PixelAccuracy:F3}, mean IoU {score.MeanIoU:F3}");
            var best = score.MeanIoU > bestMeanIoU;
            bestMeanIoU = best ? score.MeanIoU : bestMeanIoU;
            Save(settings.LastCheckpoint);
            if (best)
                Save(settings.BestCheckpoint);
            if (cancellation.IsCancellationRequested)
                return Stopped(progress);
        }
    }

    // What came of it.
    score ??= Evaluate(model, validation, evaluated);
    var background = score.IfAlways(0);
    if (first is not null && last is not null)
        Console.WriteLine($"loss {first.Loss:F2} -> {last.Loss:F2}");
    Console.WriteLine($"validation accuracy {score.PixelAccuracy:F3} (all background {background.PixelAccuracy:F3}), mean IoU {score.MeanIoU:F3} (all background {background.MeanIoU:F3})");
    if (settings.Textbook && last is not null)
        Console.WriteLine($"textbook: loss {last.Loss:F3}, train acc {last.Accuracy:F3}, test acc {score.PixelAccuracy:F3}; the chapter, with pretrained weights: loss 0.449, train acc 0.861, test acc 0.852");
    if (settings.Gallery > 0)
    {
        var shown = validationSet.Catalog.Samples.Take(settings.Gallery).Select(sample => (sample.ImagePath, (SegmentationSample?)sample));
        Console.WriteLine($"gallery: {Prediction.Write(settings, model, shown, cancellation)}");
    }
    return 0;
}

static SegmentationScore Evaluate(Fcn model, VocSegDataLoader validation, ConfusionMatrix matrix)
{
    using var constant = torch.no_grad();
    model.eval();
    matrix.Reset();
    validation.NextEpoch = 0;
    foreach (var batch in validation)
    {
        using var scope = torch.NewDisposeScope();
        matrix.Add(model.call(batch.Image).argmax(1), batch.Label);
    }
    return matrix.Score();
}

static int Refuse(string message, int exitCode)
{
    Console.Error.WriteLine(message.ReplaceLineEndings(" "));
    return exitCode;
}
