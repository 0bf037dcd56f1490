using System.Globalization;
using System.Text;
using Throughput.Contest;
using static System.FormattableString;

namespace Throughput.Report;

/// <summary>The report of a run on a GPU: machine, contest, the device's share of a batch, its kernels, trainings, the bars.</summary>
internal static class GpuResultsText
{
    internal static string Write(GpuFigures figures, IReadOnlyList<string> machine, BenchSettings settings, TimeSpan elapsed)
    {
        var text = new StringBuilder("# Throughput on a GPU\n\n");
        text.Append(CultureInfo.InvariantCulture, $"`./build.sh bench {(settings.OnGpu ? "" : "--roster gpu ")}--device {figures.Device}` on {DateTime.UtcNow:yyyy-MM-dd}, {elapsed.TotalMinutes:F0} minutes.\n\n");
        if (!settings.OnGpu)
            text.Append("**A try-out of the contestants on a CPU; no figure here is one of a GPU.**\n\n");
        foreach (var line in machine)
            text.Append(CultureInfo.InvariantCulture, $"- {line}\n");
        text.Append(CultureInfo.InvariantCulture, $"""

            Batches of 64 windows of 320x480, float32 images and int64 labels, on the device. All contestants are alive at once; one works at a time,
            {settings.Rounds} rounds of at least {settings.Seconds:0.#} s in whole epochs, each round beginning with another one; a turn ends when the device has done all of it.
            An epoch of the Python peers has as many passes as give each worker 16 batches, or as end within 10 s: their workers make whole batches and wait at an epoch's end.
            Medians with the least and the most. "Of the best peer" and the share of the decode-only limit are medians of the ratios within a round.
            The limit of the host cache is the copy of its windows from pinned memory, that of the device cache the device's memory.


            """);
        MarkdownTable.Append(
            text,
            ["", "images/s", "ms a batch", "least - most", "of the best peer", "of the limit", "host memory"],
            [.. figures.Entries.Select(entry => Row(entry, figures))]);
        AppendDevice(text, figures);
        KernelTable.Append(text, figures.Kernels);
        TrainingTable.Append(text, figures);
        text.Append("## Bars\n\n");
        MarkdownTable.Append(text, GpuBars.Read(figures));
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static string[] Row(Entry entry, GpuFigures figures)
    {
        var title = entry.Contestant.Title;
        if (!entry.Ran)
            return [title, "-", "-", $"left out: {entry.Failure}", "", "", ""];
        var role = entry.Contestant.Role;
        var times = entry.Turns.Select(turn => 1000 * GpuFigures.BatchSize / turn.Rate).ToList();
        var peer = role.IsLimit() ? null : Entry.Best(figures.Entries, other => other.IsDecodingPeer());
        var share = role switch
        {
            Role.DeviceCache => figures.Floor / GpuFigures.BatchTime(entry),
            Role.HostCache => figures.HostFloor / GpuFigures.BatchTime(entry),
            _ => figures.Best(Role.DecodeLimit) is { } limit ? entry.RatioTo(limit) : null,
        };
        return
        [
            title,
            Invariant($"{entry.Median:F0}"),
            Time(GpuFigures.BatchTime(entry)),
            $"{Time(times.Min())} - {Time(times.Max())}",
            peer is null ? "-" : Invariant($"{entry.RatioTo(peer):F2}"),
            share is null ? "-" : Invariant($"{share:F2}"),
            entry.PeakMemory == 0 ? "-" : Invariant($"{entry.PeakMemory / 1e9:F1} GB"),
        ];
    }

    private static void AppendDevice(StringBuilder text, GpuFigures figures)
    {
        text.Append("## A batch's share of the device\n\n");
        var ops = figures.DeviceOps;
        if (ops.Missing is { } reason)
        {
            text.Append(Invariant($"Not measured: {reason}.\n\n"));
            return;
        }
        text.Append(Invariant($"""
            Copies within the device move {ops.Median("device_bytes_per_s") / 1e9:F1} GB/s, reads and writes together; a batch from the device cache must read 4 and write 20 bytes a pixel,
            {GpuFigures.BatchBytes / 1e6:F0} MB. Copies from pinned memory bring {ops.Median("host_bytes_per_s") / 1e9:F1} GB/s; a batch from the host, cached or not, must bring 4 bytes a pixel, {GpuFigures.HostBytes / 1e6:F1} MB.


            """));
        MarkdownTable.Append(
            text,
            ["", "ms a batch", "least - most", "of the floor"],
            [
                ["floor: the device's memory", Time(figures.Floor), Range(1000 * GpuFigures.BatchBytes, "device_bytes_per_s"), "1.00 x"],
                Measured("device cache, 200 batches between two synchronizes", "batch_ms"),
                Measured("device cache, queued behind other work: the device alone", "device_ms"),
                Measured("the host alone: until it is queued, batches of 64", "host_ms"),
                Measured("the host alone: the same, as many batches of 16 an epoch", "host_small_ms"),
                ["floor: from pinned memory, for uncached and host cache", Time(figures.HostFloor), Range(1000 * GpuFigures.HostBytes, "host_bytes_per_s"), "-"],
            ]);

        string[] Measured(string title, string name)
        {
            var (range, median) = (ops.Range(name), ops.Median(name));
            return [title, Time(median), $"{Time(range?.Least)} - {Time(range?.Most)}", name.StartsWith("host", StringComparison.Ordinal) ? "-" : Invariant($"{median / figures.Floor:F2} x")];
        }

        string Range(double work, string rate)
        {
            var range = ops.Range(rate);
            return $"{Time(work / range?.Most)} - {Time(work / range?.Least)}";
        }
    }

    private static string Time(double? milliseconds) => milliseconds is null ? "-" : Invariant(milliseconds < 10 ? (FormattableString)$"{milliseconds:F3}" : $"{milliseconds:F1}");
}
