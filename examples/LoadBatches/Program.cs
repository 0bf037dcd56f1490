using System.Diagnostics;
using LoadBatches;
using Options;
using TorchSharp;
using VocSeg.Torch;

var command = new SettingsCommand<Settings>(
    "Loads a data set in batches, and says what they are and how fast they come.", _ => new());
return await command.RunAsync(args, Run);

static int Run(Settings settings, CancellationToken stop)
{
    if (settings.Verify)
    {
        var report = settings.Root is { } root
            ? SampleCatalog.Verify(root, settings.Split, settings.Files, settings.Palette, cancellationToken: stop)
            : settings.Open(settings.Split, stop).Verify(settings.Palette, cancellationToken: stop);
        foreach (var finding in report.Findings)
            Console.WriteLine(finding.Message);
        var hints = report.Findings.Count(finding => finding.IsHint);
        Console.WriteLine(
            $"{settings.Split}: {report.Checked} samples decoded, {report.Findings.Length - hints} faults"
            + (hints > 0 ? $", {hints} hints" : ""));
        return report.IsSound ? 0 : 1;
    }

    var data = settings.Data with { Decoder = settings.Decoder };
    using var dataset = new VocSegDataset(settings.Open(settings.Split, stop), data);
    Console.WriteLine($"{settings.Split}: read {dataset.Count} of {dataset.TotalCount} examples");
    using var loader = new VocSegDataLoader(dataset, settings.Loading with
    {
        BatchSize = settings.BatchSize,
        Shuffle = true,
        DropLast = true,
        Prefetch = settings.Prefetch,
    });

    // The first of several epochs pays for compiling code and for files that are not in memory yet.
    var measured = Math.Max(1, settings.Epochs - 1);
    var (clock, done, all) = (new Stopwatch(), 0L, settings.Epochs * loader.Count);
    for (var epoch = 0; epoch < settings.Epochs; epoch++)
    {
        if (epoch == settings.Epochs - measured)
            clock.Start();
        foreach (var (image, label) in loader.WithCancellation(stop))
        {
            if (done++ == 0)
                StatusLine.Print($"image {Describe(image)}\nlabel {Describe(label)}");
            StatusLine.Show(done, all, $"epoch {epoch + 1} of {settings.Epochs}");
        }
        if (settings.Report)
            StatusLine.Print($"{loader.LastEpoch}");
    }
    if (dataset.Device.type == DeviceType.CUDA)
        torch.cuda.synchronize();
    var rate = measured * loader.Count * settings.BatchSize / clock.Elapsed.TotalSeconds;
    StatusLine.Print($"throughput {rate:F1} images/s ({measured} epochs, {measured * loader.Count} batches)");
    return 0;
}

static string Describe(torch.Tensor tensor) =>
    $"({string.Join(", ", tensor.shape)}) {tensor.dtype.ToString().ToLowerInvariant()} {tensor.device}";
