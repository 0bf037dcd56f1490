global using TorchSharp.Modules;
global using static TorchSharp.torch;
using System.Diagnostics;
using FcnTraining;
using Options;
using TorchSharp;
using VocSeg.Torch;
using static TorchSharp.torch.nn.functional;

// The exit code is 2 where a training could not begin, and 1 where it failed later.
var begun = false;
return await Settings.Command().RunAsync(args, Run, errorCode: () => begun ? 1 : 2);

int Run(Settings settings, CancellationToken stop)
{
    var (palette, device) = (settings.Palette, settings.Device.Open());
    Directory.CreateDirectory(settings.Out);
    var (last, best) = (Path.Combine(settings.Out, "last.checkpoint"), Path.Combine(settings.Out, "best.checkpoint"));
    if (settings.Predict is not null)
    {
        var file = File.Exists(best) ? best : last;
        using var trained = new Fcn(Checkpoint.Read(file).Shape);
        Checkpoint.Read(file, trained);
        trained.to(device);
        var images = Predictor.Find(settings.Predict, settings);
        StatusLine.Print($"{images.Count} images, {trained.Shape}, from {Path.GetFileName(file)}");
        Predictor.Draw(trained, settings, settings.Predict, images, stop);
        return 0;
    }

    // Where a killed training stood, and the seed that it had.
    var saved = settings.Resume ? Checkpoint.Read(last) : null;
    if (saved is null && File.Exists(last))
        throw new InvalidOperationException($"{settings.Out} holds a training: --resume it, or name another --out.");
    if (saved is not null && settings.Seed is { } given && given != saved.Loader.Seed)
        throw new InvalidOperationException($"--seed {given}: the training has the seed {saved.Loader.Seed}; omit it.");
    if (saved is not null && settings.BatchSize != saved.Loader.BatchSize)
        throw new InvalidOperationException($"the training has --batch-size {saved.Loader.BatchSize}; give it that.");
    var seed = saved?.Loader.Seed ?? settings.Seed ?? Random.Shared.NextInt64();
    manual_seed(seed);

    // Data: random crops, normalized, on the device.
    var data = new VocSegDatasetOptions { Transforms = [new RandomCrop(settings.Crop)], Palette = palette, Device = device, Seed = seed };
    var (batchSize, workers, cache) = (settings.BatchSize, settings.Workers, settings.Cache);
    VocSegDataLoaderOptions loading =
        new() { BatchSize = batchSize, Workers = workers, Cache = cache, Warn = StatusLine.Warn };
    SampleCatalog Find(string split) => SampleCatalog.FromVoc(settings.Root, split, settings.Files, null, stop);
    using var trainSet = new VocSegDataset(Find(settings.TrainSplit), data);
    using var train = new VocSegDataLoader(trainSet, loading with { Shuffle = true, DropLast = true });
    using var validationSet = new VocSegDataset(Find(settings.ValidationSplit), data);
    using var validation = new VocSegDataLoader(validationSet, loading with { Shuffle = false, DropLast = false });
    var steps = settings.Epochs * train.Count;

    // Model and optimizer.
    using var model = new Fcn(new(palette.ClassCount, settings.Width, settings.Head));
    if (settings.Weights is not null && saved is null)
        model.Trunk.LoadPretrained(settings.Weights);
    model.to(device);
    using var optimizer = optim.SGD(
        model.parameters(), settings.LearningRate, settings.Momentum, weight_decay: settings.WeightDecay);
    var (step, bestMeanIoU, totals) = (saved?.Step ?? 0, saved?.BestMeanIoU ?? -1, saved?.Totals ?? default);
    if (saved is not null)
    {
        Checkpoint.Read(last, model, optimizer);
        train.State = saved.Loader;
    }
    void Save(string path) =>
        new Checkpoint(model.Shape, train.State, step, bestMeanIoU, totals).Save(path, model, optimizer);
    using var stopping = stop.Register(() => StatusLine.Print("stopping; go on by --resume"));

    begun = true;
    StatusLine.Print(
        $"{trainSet.Count} of {trainSet.TotalCount} training and {validationSet.Count} of {validationSet.TotalCount} "
        + $"validation samples, {model.Shape}, seed {seed}");
    if (saved is not null)
        StatusLine.Print($"going on after step {step} of {steps}");

    // The loop.
    using var log = new TrainingLog(settings.Out, step, settings.TensorBoard);
    using var matrix = new ConfusionMatrix(palette.ClassCount, device, palette.IgnoreIndex);
    var (began, firstStep) = (Stopwatch.GetTimestamp(), step);
    var (report, loss, accuracy, firstLoss) = ("", double.NaN, double.NaN, double.NaN);
    SegmentationScore? score = null;
    for (var epoch = train.NextEpoch + 1; epoch <= settings.Epochs; epoch++)
    {
        model.train();
        var (images, waited, epochBegan) = (0L, TimeSpan.Zero, Stopwatch.GetTimestamp());
        var stepEnded = epochBegan;
        foreach (var (image, label) in train)
        {
            waited += Stopwatch.GetElapsedTime(stepEnded);
            using var scope = NewDisposeScope();
            var learningRate = settings.LearningRateAt(step, steps);
            foreach (var group in optimizer.ParamGroups)
                group.LearningRate = learningRate;
            // A batch that is ignored as a whole has no loss, so it is no step either.
            if (label.ne(palette.IgnoreIndex).sum().item<long>() is > 0 and var pixels)
            {
                optimizer.zero_grad();
                var logits = model.call(image);
                var batchLoss = cross_entropy(logits, label, ignore_index: palette.IgnoreIndex);
                // The chapter sums the loss over the batch.
                (settings.Textbook ? batchLoss * image.shape[0] : batchLoss).backward();
                optimizer.step();
                // This waits for what a GPU has only queued, which would look like waiting for the next batch.
                var right = logits.argmax(1).eq(label).sum().item<long>();
                var sum = totals.LossSum + batchLoss.item<float>();
                totals = new(totals.Batches + 1, sum, totals.Right + right, totals.Pixels + pixels);
            }
            stepEnded = Stopwatch.GetTimestamp();
            (step, images) = (step + 1, images + image.shape[0]);

            var endsEpoch = step % train.Count == 0;
            var rest = Stopwatch.GetElapsedTime(began) / (step - firstStep) * (steps - step);
            var left = $"{(long)rest.TotalHours}:{rest:mm\\:ss} left";
            if (endsEpoch || step % settings.LogEvery == 0 || step == firstStep + 1)
            {
                var time = Stopwatch.GetElapsedTime(epochBegan, stepEnded);
                var (imagesPerSecond, dataWait) = (images / time.TotalSeconds, waited / time);
                (loss, accuracy) = (totals.Loss, totals.Accuracy);
                report = $"loss {loss:F3}, accuracy {accuracy:F3}, {imagesPerSecond:F1} images/s, "
                    + $"data wait {100 * dataWait:F0}%";
                log.Write(
                    step, new { epoch, step, loss, accuracy, learningRate, imagesPerSecond, dataWait },
                    ("train/loss", loss), ("train/accuracy", accuracy), ("train/learning rate", learningRate));
                if (Console.IsOutputRedirected && !endsEpoch)
                    StatusLine.Print($"epoch {epoch}, step {step}/{steps}: {report}, {left}");
            }
            StatusLine.Show(step, steps, $"{left}, epoch {epoch}: {report}");
            var isDue = settings.CheckpointEvery > 0 && step % settings.CheckpointEvery == 0;
            if (endsEpoch || !(isDue || stop.IsCancellationRequested))
                continue;
            Save(last);
            stop.ThrowIfCancellationRequested();
        }
        totals = default;
        firstLoss = double.IsNaN(firstLoss) ? loss : firstLoss;
        score = Evaluate(model, validation, matrix);
        var (validationAccuracy, meanIoU) = (score.PixelAccuracy, score.MeanIoU);
        var classIoU = palette.ClassNames.Zip(score.ClassIoU).ToDictionary(pair => pair.First, pair => pair.Second);
        log.Write(
            step, new { epoch, step, validationAccuracy, meanIoU, classIoU },
            ("validation/accuracy", validationAccuracy), ("validation/mean IoU", meanIoU));
        StatusLine.Print($"epoch {epoch} of {settings.Epochs}: {report}");
        StatusLine.Print($"  validation accuracy {validationAccuracy:F3}, mean IoU {meanIoU:F3}");
        if (meanIoU > bestMeanIoU)
        {
            bestMeanIoU = meanIoU;
            Save(best);
        }
        Save(last);
        stop.ThrowIfCancellationRequested();
    }

    // What came of it.
    score ??= Evaluate(model, validation, matrix);
    var background = score.IfAlways(0);
    if (firstStep < steps)
        StatusLine.Print($"loss {firstLoss:F2} -> {loss:F2}");
    StatusLine.Print(
        $"validation accuracy {score.PixelAccuracy:F3} (all background {background.PixelAccuracy:F3}), "
        + $"mean IoU {score.MeanIoU:F3} (all background {background.MeanIoU:F3})");
    if (settings.Textbook && firstStep < steps)
    {
        StatusLine.Print($"textbook: loss {loss:F3}, train acc {accuracy:F3}, test acc {score.PixelAccuracy:F3}");
        StatusLine.Print("the chapter, with pretrained weights: loss 0.449, train acc 0.861, test acc 0.852");
    }
    var shown = Predictor.WithLabels(validationSet.Catalog.Samples.Take(settings.Gallery));
    if (settings.Gallery > 0)
        Predictor.Draw(model, settings, settings.ValidationSplit, shown, stop);
    return 0;
}

static SegmentationScore Evaluate(Fcn model, VocSegDataLoader validation, ConfusionMatrix matrix)
{
    using var constant = no_grad();
    model.eval();
    matrix.Reset();
    validation.NextEpoch = 0; // Every evaluation sees the same crops.
    foreach (var (image, label) in validation)
    {
        using var scope = NewDisposeScope();
        matrix.Add(model.call(image).argmax(1), label);
    }
    return matrix.Score();
}
