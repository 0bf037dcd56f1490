using System.Globalization;
using Spectre.Console;

namespace FcnTraining;

/// <summary>Tells how the training goes: a live bar on a terminal, plain lines where the output is piped.</summary>
internal sealed class TrainingProgress : IDisposable
{
    // Percentage and description, so that a terminal of 80 columns holds the bar in one line.
    private const int NarrowestText = 72;

    private readonly long steps;
    private readonly long firstStep;
    private readonly long began = TimeProvider.System.GetTimestamp();
    private readonly ManualResetEventSlim over = new();
    private readonly Task? bar;
    private TrainingReport? latest;
    private long step;

    internal TrainingProgress(long steps, long firstStep)
    {
        (this.steps, this.firstStep, step) = (steps, firstStep, firstStep);
        if (!Console.IsOutputRedirected)
            bar = Task.Run(ShowBar);
    }

    /// <summary>Moves the bar.</summary>
    internal void StepDone(long step) => Interlocked.Exchange(ref this.step, step);

    /// <summary>Figures for the bar, or a line of them, which at an epoch's end the epoch's own line makes needless.</summary>
    internal void Report(TrainingReport report, bool endsEpoch)
    {
        latest = report;
        if (bar is null && !endsEpoch)
            Console.WriteLine($"epoch {report.Epoch}, step {report.Step} of {steps}: {report}, {TimeLeft(report.Step):h\\:mm\\:ss} left");
    }

    /// <summary>A line that stays.</summary>
    internal void Line(string line)
    {
        if (bar is null)
            Console.WriteLine(line);
        else if (AnsiConsole.Profile.Capabilities.Ansi)
            // The bar is where the line goes, and longer: what is left of it would show behind the line.
            AnsiConsole.Write(new ControlCode($"\e[J{line}{Environment.NewLine}"));
        else
            AnsiConsole.WriteLine(line);
    }

    public void Dispose()
    {
        over.Set();
        bar?.Wait();
        over.Dispose();
    }

    private TimeSpan TimeLeft(long now) =>
        now == firstStep ? TimeSpan.Zero : TimeProvider.System.GetElapsedTime(began) / (now - firstStep) * (steps - now);

    private void ShowBar() => AnsiConsole.Progress()
        .AutoClear(true)
        .Columns(new ProgressBarColumn { Width = Math.Clamp(AnsiConsole.Profile.Width - NarrowestText, 8, 40) }, new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
        .Start(context =>
        {
            var task = context.AddTask("starting", maxValue: Math.Max(1, steps));
            do
            {
                var now = Interlocked.Read(ref step);
                task.Value = now;
                if (latest is { } report)
                {
                    task.Description = string.Create(
                        CultureInfo.InvariantCulture,
                        $"epoch {report.Epoch}, loss {report.Loss:F3}, acc {report.Accuracy:F3}, {report.ImagesPerSecond:F1} img/s, wait {100 * report.DataWait:F0}%, {TimeLeft(now):h\\:mm\\:ss} left");
                }
            }
            while (!over.Wait(TimeSpan.FromMilliseconds(200)));
        });
}
