using System.Diagnostics;
using System.Globalization;
using LoadBatches;
using Spectre.Console;
using TorchSharp;
using VocSeg.Torch;

const int Failed = 1, WrongUse = 2, Interrupted = 130;

var parsed = Settings.Command(Run).Parse(args);
if (parsed.Errors.Count > 0)
    return Refuse(parsed.Errors[0].Message, WrongUse);
return await parsed.InvokeAsync();

static int Run(Settings settings, CancellationToken cancellation)
{
    if (settings.Device != "cpu" && !torch.cuda.is_available())
        return Refuse($"--device {settings.Device}: this libtorch finds no CUDA device; use --device cpu.", WrongUse);

    VocSegDataset dataset;
    VocSegDataLoader loader;
    try
    {
        var catalog = SampleCatalog.FromVoc(settings.Root, settings.Split, new() { LabelFolder = settings.Labels }, cancellationToken: cancellation);
        dataset = new(catalog, settings.Data with { Device = torch.device(settings.Device) });
        Console.WriteLine($"{settings.Split}: read {dataset.Count} of {dataset.TotalCount} examples");
        loader = new(dataset, settings.Loading);
    }
    catch (Exception error) when (error is DatasetException or ArgumentException or InvalidOperationException)
    {
        return Refuse(error.Message, WrongUse);
    }
    catch (OperationCanceledException)
    {
        return Interrupted;
    }

    using (dataset)
    using (loader)
    {
        try
        {
            WithProgress(loader.Count * settings.Epochs, step => Measure(loader, settings.Epochs, step, cancellation));
            return 0;
        }
        catch (DatasetException error)
        {
            return Refuse(error.Message, Failed);
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
    }
}

static string Measure(VocSegDataLoader loader, int epochs, Action step, CancellationToken cancellation)
{
    // The first epoch pays for start-up: code that is compiled, files that are not in memory yet.
    var warmUp = epochs > 1 ? 1 : 0;
    long images = 0, batches = 0;
    var described = false;
    var time = new Stopwatch();
    for (var epoch = 0; epoch < epochs; epoch++)
    {
        if (epoch == warmUp)
            time.Start();
        foreach (var batch in loader.WithCancellation(cancellation))
        {
            if (!described)
                Describe(batch);
            described = true;
            if (epoch >= warmUp)
            {
                images += batch.Indices.Count;
                batches++;
            }
            step();
        }
    }
    if (loader.Dataset.Device.type == DeviceType.CUDA)
        torch.cuda.synchronize();
    var rate = images / time.Elapsed.TotalSeconds;
    return string.Create(CultureInfo.InvariantCulture, $"throughput {rate:F1} images/s ({epochs - warmUp} epochs, {batches} batches)");
}

static void Describe(VocSegBatch batch)
{
    Console.WriteLine($"image {Form(batch.Image)}");
    Console.WriteLine($"label {Form(batch.Label)}");

    static string Form(torch.Tensor tensor) =>
        $"({string.Join(", ", tensor.shape)}) {tensor.dtype.ToString().ToLowerInvariant()} {tensor.device}";
}

static void WithProgress(long steps, Func<Action, string> work)
{
    if (Console.IsOutputRedirected)
    {
        Console.WriteLine(work(() => { }));
        return;
    }
    var summary = "";
    AnsiConsole.Progress().AutoClear(true).Start(context =>
    {
        var bar = context.AddTask("batches", maxValue: steps);
        summary = work(() => bar.Increment(1));
    });
    Console.WriteLine(summary);
}

static int Refuse(string message, int exitCode)
{
    Console.Error.WriteLine(message.ReplaceLineEndings(" "));
    return exitCode;
}
