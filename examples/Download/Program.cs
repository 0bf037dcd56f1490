using Download;
using Spectre.Console;
using VocSeg.Torch;

const int Failed = 1, WrongUse = 2, Interrupted = 130;

var parsed = Settings.Command(RunAsync).Parse(args);
if (parsed.Errors.Count > 0)
    return Refuse(parsed.Errors[0].Message, WrongUse);
return await parsed.InvokeAsync();

static async Task<int> RunAsync(Settings settings, CancellationToken cancellation)
{
    try
    {
        // A folder that was unpacked by hand is verified as it is, and nothing is downloaded.
        if (settings.Verify && FindUnpacked(settings.Root) is { } unpacked)
            return Verify(unpacked, cancellation);
        var root = Console.IsOutputRedirected
            ? await VocArchive.DownloadAsync(
                settings.Root, settings.Archive, new ProgressLines(Console.Out), cancellation)
            : await WithBarAsync(bar => VocArchive.DownloadAsync(settings.Root, settings.Archive, bar, cancellation));
        Console.WriteLine($"whole: {root}");
        return settings.Verify ? Verify(root, cancellation) : 0;
    }
    catch (DatasetException error)
    {
        return Refuse(error.Message, Failed);
    }
    catch (OperationCanceledException)
    {
        return Refuse("stopped; the next call goes on from here.", Interrupted);
    }
}

static string? FindUnpacked(string root)
{
    try
    {
        return VocFolder.Find(root);
    }
    catch (DatasetException)
    {
        return null;
    }
}

static int Verify(string root, CancellationToken cancellation)
{
    var faults = 0;
    foreach (var split in new[] { "train", "val" })
    {
        var report = SampleCatalog.Verify(root, split, cancellationToken: cancellation);
        foreach (var finding in report.Findings)
            Console.WriteLine(finding.Message);
        var hints = report.Findings.Count(finding => finding.IsHint);
        var found = report.Findings.Length - hints;
        Console.WriteLine(
            $"{split}: {report.Checked} samples decoded, {found} faults" + (hints > 0 ? $", {hints} hints" : ""));
        faults += found;
    }
    return faults == 0 ? 0 : Failed;
}

static Task<string> WithBarAsync(Func<IProgress<VocArchiveProgress>, Task<string>> work) =>
    AnsiConsole.Progress()
        .AutoClear(true)
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
        .StartAsync(context => work(new ProgressBar(context.AddTask("starting"))));

static int Refuse(string message, int exitCode)
{
    Console.Error.WriteLine(message.ReplaceLineEndings(" "));
    return exitCode;
}
