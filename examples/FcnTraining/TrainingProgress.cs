using System.Globalization;
using Spectre.Console;

namespace FcnTraining;

/// <summary>Tells how the training goes: a live bar on a terminal, plain lines where the output is piped.</summary>
internal sealed class TrainingProgress : IDisposable
{
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

    /// <summary>Figures for the bar, or a line of them.</summary>
    internal void Report(TrainingReport report)
    {
        latest = report;
        if (bar is null)
            Console.WriteLine($"epoch {report.Epoch}, step {report.Step} of {steps}: {report}, {TimeLeft(report.Step):h\\:mm\\:ss} left");
    }

    /// <summary>A line that stays.</summary>
    internal void Line(string line)
    {
        if (bar is null)
            Console.WriteLine(line);
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
        .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
        .Start(context =>
        {
            var task = context.AddTask("starting", maxValue: Math.Max(1, steps));
            do
            {
                var now = Interlocked.Read(ref step);
                task.Value = now;
                if (latest is { } report)
                    task.Description = string.Create(CultureInfo.InvariantCulture, $"epoch {report.Epoch}, {report}, {TimeLeft(now):h\\:mm\\:ss} left");
            }
            while (!over.Wait(TimeSpan.FromMilliseconds(200)));
        });
}
