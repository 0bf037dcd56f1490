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
    var (palette, device, data) = (settings.Palette, settings.Device.Open(), settings.Data);
    Directory.CreateDirectory(settings.Out);
    var (last, best) = (Path.Combine(settings.Out, "last.checkpoint"), Path.Combine(settings.Out, "best.checkpoint"));
    if (settings.Predict is { } what)
    {
        var file = File.Exists(best) ? best : last;
        using var trained = new Fcn(Checkpoint.Read(file).Shape);
        if (trained.Shape.Classes != palette.ClassCount)
            throw new InvalidOperationException($"{file} is of {trained.Shape}; give the --classes of its training.");
        Checkpoint.Read(file, trained);
        trained.to(device);
        var catalog = Prediction.Find(what, settings, stop);
        StatusLine.Print($"{catalog.Samples.Count} images, {trained.Shape}, from {Path.GetFileName(file)}");
        var found = Prediction.Draw(trained, catalog, settings, data, what, stop);
        if (found.Pixels == 0)
            return 0;
        StatusLine.Print($"whole images: accuracy {found.PixelAccuracy:F3}, mean IoU {found.MeanIoU:F3}");
        StatusLine.Print(string.Join(", ", palette.ClassNames.Zip(found.ClassIoU, (name, x) => $"{name} {x:F3}")));
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

    // Data: random crops to train on, whole images to evaluate on, normalized, on the device.
    data = data with { Seed = seed };
    using var trainSet = new VocSegDataset(settings.OpenSplit(settings.TrainSplit, stop), data);
    using var train = new VocSegDataLoader(
        trainSet, settings.Loading with { BatchSize = settings.BatchSize, Shuffle = true, DropLast = true });
    var held = settings.OpenSplit(settings.ValidationSplit, stop);
    using var evaluation = new Evaluation(held, settings, data, settings.Evaluate);
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
        StatusLine.Print($"going on after step {step} of {steps}");
    }
    void Save(string path) =>
        new Checkpoint(model.Shape, train.State, step, bestMeanIoU, totals).Save(path, model, optimizer);
    using var stopping = stop.Register(() => StatusLine.Print("stopping; go on by --resume"));

    begun = true;
    StatusLine.Print(
        $"{trainSet.Count} of {trainSet.TotalCount} training and {evaluation.Dataset.Count} of {held.Samples.Count} "
        + $"validation samples, {model.Shape}, seed {seed}");

    // The loop.
    // A Scalar that only a call holds may be finalized while libtorch reads it.
    using Scalar ignored = palette.IgnoreIndex, samples = settings.BatchSize;
    using var log = new TrainingLog(settings.Out, step, settings.TensorBoard);
    var (began, firstStep) = (Stopwatch.GetTimestamp(), step);
    var (report, loss, accuracy, firstLoss) = ("", double.NaN, double.NaN, double.NaN);
    SegmentationScore? score = null;
    for (var epoch = train.NextEpoch + 1; epoch <= settings.Epochs; epoch++)
    {
        model.train();
        var (images, clock, waiting) = (0L, Stopwatch.StartNew(), Stopwatch.StartNew());
        foreach (var (image, label) in train)
        {
            waiting.Stop();
            using var scope = NewDisposeScope();
            var learningRate = settings.LearningRateAt(step, steps);
            optimizer.ParamGroups.Single().LearningRate = learningRate;
            // A batch that is ignored as a whole has no loss, so it is no step either.
            if (label.ne(ignored).sum().item<long>() is > 0 and var pixels)
            {
                optimizer.zero_grad();
                var logits = model.call(image);
                var batchLoss = cross_entropy(logits, label, ignore_index: palette.IgnoreIndex);
                // The chapter sums the loss over the batch.
                (settings.Textbook ? batchLoss * samples : batchLoss).backward();
                optimizer.step();
                // This waits for what a GPU has only queued, which would look like waiting for the next batch.
                var right = logits.argmax(1).eq(label).sum().item<long>();
                var sum = totals.LossSum + batchLoss.item<float>();
                totals = new(totals.Batches + 1, sum, totals.Right + right, totals.Pixels + pixels);
            }
            waiting.Start();
            (step, images) = (step + 1, images + settings.BatchSize);
            var endsEpoch = step % train.Count == 0;
            var rest = Stopwatch.GetElapsedTime(began) / (step - firstStep) * (steps - step);
            var left = $"{(long)rest.TotalHours}:{rest:mm\\:ss} left";
            if (endsEpoch || step % settings.LogEvery == 0 || step == firstStep + 1)
            {
                var time = clock.Elapsed;
                var (imagesPerSecond, dataWait) = (images / time.TotalSeconds, waiting.Elapsed / time);
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
        score = evaluation.Run(model);
        var (validationAccuracy, meanIoU) = (score.PixelAccuracy, score.MeanIoU);
        var classIoU = palette.ClassNames.Zip(score.ClassIoU).ToDictionary(pair => pair.First, pair => pair.Second);
        log.Write(
            step, new { epoch, step, validationAccuracy, meanIoU, classIoU },
            ("validation/accuracy", validationAccuracy), ("validation/mean IoU", meanIoU));
        StatusLine.Print($"epoch {epoch} of {settings.Epochs}: {report}");
        if (settings.Report)
            StatusLine.Print($"  {train.LastEpoch}");
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
    score ??= evaluation.Run(model);
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
    var shown = 0;
    if (settings.Gallery > 0)
    {
        var first = held.Where(_ => shown++ < settings.Gallery);
        Prediction.Draw(model, first, settings, data, settings.ValidationSplit, stop);
    }
    return 0;
}
