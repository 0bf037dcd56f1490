using System.Text;

namespace Throughput;

/// <summary>The report: machine, a table for each contest, what is measured beside them, the bars.</summary>
internal static class Report
{
    internal static string Write(Figures figures)
    {
        var (settings, text) = (figures.Settings, new StringBuilder("# Throughput\n\n"));
        var options = settings.ForGpu ? $" --device {settings.Device}" : "";
        text.Append($"`./build.sh bench --rounds {settings.Rounds}{options}` on {DateTime.UtcNow:yyyy-MM-dd}, ");
        text.Append($"{figures.Elapsed.TotalMinutes:F0} minutes.\n\n");
        if (settings.TryOut)
            text.Append("**A try-out of the contestants on a CPU; no figure here is one of a GPU.**\n\n");
        text.AppendJoin("", figures.Machine.Select(line => $"- {line}\n"));
        text.Append($"""

            Batches of 64 crops of 320x480, float32 images and int64 labels, on {settings.Device}. All contestants are alive at once;
            one works at a time, {settings.Rounds} rounds of at least {Settings.Seconds} s in whole epochs, each round beginning with another one.
            Images/s are medians with the least and the most. "Of the best peer" and "of the limit" are medians of the ratios
            within a round. Those that decode are held against the best Python that decodes and against decoding alone;
            """);
        text.Append(settings.ForGpu ? """

            the host cache against the copy of its crops from pinned memory, the device cache against the device's memory.
            A turn ends when the device has done all of it. An epoch of the Python peers has as many passes as give each
            worker 16 batches, or as end within 10 s: their workers make whole batches and wait at an epoch's end.
            """ : """

            those from memory (textbook, host cache) against the best textbook and against writing the bytes of a batch.
            """);
        text.Append("""

            Memory is the peak of the process, or, where there are worker processes, the largest total of proportional sets
            that was seen between the measured turns.


            """);
        foreach (var (title, entries) in figures.Contests)
        {
            text.Append($"## {title}\n\n");
            Table(
                text, ["", "images/s", "least - most", "ms a batch", "of the best peer", "of the limit", "memory"],
                entries.Select(entry => Row(entry, entries, figures)));
        }
        if (settings.ForGpu)
        {
            Device(text, figures);
            Kernels(text, figures["kernels"]);
            Training(text, figures);
        }
        text.Append("## Bars\n\n");
        Table(
            text, ["", "bar", "figure", ""],
            Bar.Read(figures).Select(bar => new[] { bar.Title, bar.Target, bar.Figure ?? "-", bar.Verdict }));
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static string[] Row(Entry entry, IReadOnlyList<Entry> entries, Figures figures)
    {
        var contestant = entry.Contestant;
        if (!entry.Ran)
            return [contestant.Title, "-", $"left out: {entry.Failure}", "", "", "", ""];
        var (rates, milliseconds) = (entry.Turns.Select(turn => turn.Rate), 1000 * Job.UsualBatchSize / entry.Median);
        // On a GPU those from memory have no peers of their own.
        var inMemory = contestant.Is(Part.Memory) && !figures.Settings.ForGpu;
        var peer = contestant.Kind == Kind.Limit ? null : Best(Kind.Peer)?.Contestant.Name;
        var limit = !figures.Settings.ForGpu || contestant.Name is not ("ours-host" or "ours-device")
            ? figures.Ratio(contestant.Name, Best(Kind.Limit)?.Contestant.Name ?? "", entries)
            : (contestant.Name == "ours-host" ? figures.HostFloor : figures.DeviceFloor) / milliseconds;
        return
        [
            contestant.Title, $"{entry.Median:F0}", $"{rates.Min():F0} - {rates.Max():F0}", Time(milliseconds),
            peer is null ? "-" : $"{figures.Ratio(contestant.Name, peer, entries):F2}", limit is null ? "-" : $"{limit:F2}",
            entry.PeakMemory == 0 ? "-" : $"{entry.PeakMemory / 1e9:F1} GB",
        ];

        Entry? Best(Kind kind) => entries
            .Where(other => other.Ran && other.Contestant.Kind == kind && other.Contestant.Is(Part.Memory) == inMemory)
            .MaxBy(other => other.Median);
    }

    private static void Device(StringBuilder text, Figures figures)
    {
        text.Append("## A batch's share of the device\n\n");
        var (ops, floor) = (figures["device"], figures.DeviceFloor);
        if (IsMissing(text, ops))
            return;
        text.Append($"""
            Copies within the device move {ops.Median("device_bytes_per_s") / 1e9:F1} GB/s, reads and writes together; a batch from the device
            cache must read 4 and write 20 bytes a pixel, {Figures.DeviceBytes / 1e6:F0} MB. Copies from pinned memory bring {ops.Median("host_bytes_per_s") / 1e9:F1} GB/s;
            a batch from the host, cached or not, must bring 4 bytes a pixel, {Figures.HostBytes / 1e6:F1} MB.


            """);
        Table(text, ["", "ms a batch", "least - most", "of the floor"],
        [
            Floor("floor: the device's memory", Figures.DeviceBytes, "device_bytes_per_s", "1.00 x"),
            Measured("device cache, 200 batches between two synchronizes", "batch_ms"),
            Measured("device cache, queued behind other work: the device alone", "device_ms"),
            Measured("the host alone: until it is queued, batches of 64", "host_ms"),
            Measured("the host alone: the same, as many batches of 16 an epoch", "host_small_ms"),
            Floor("floor: from pinned memory, for uncached and host cache", Figures.HostBytes, "host_bytes_per_s", "-"),
        ]);

        string[] Measured(string title, string name)
        {
            var (median, range) = (ops.Median(name), ops.Range(name));
            var share = name.StartsWith("host") ? "-" : $"{median / floor:F2} x";
            return [title, Time(median), $"{Time(range?.Least)} - {Time(range?.Most)}", share];
        }

        string[] Floor(string title, double bytes, string rate, string share)
        {
            var (work, range) = (1000 * bytes, ops.Range(rate));
            return [title, Time(work / ops.Median(rate)), $"{Time(work / range?.Most)} - {Time(work / range?.Least)}", share];
        }
    }

    private static void Kernels(StringBuilder text, Measurement kernels)
    {
        text.Append("## Kernels of a device-cache batch, and other ways\n\n");
        if (IsMissing(text, kernels))
            return;
        text.Append("""
            The device's time alone, queued behind other work. Predicted for an H100 by the rules of docs/performance.md.
            A way whose result differs from the present one's by more than 1e-6 has no time.


            """);
        Table(text, ["", "MB", "predicted ms", "ms", "least - most", "GB/s"], Kernel.All.Select(kernel =>
        {
            string[] known = [kernel.Title, $"{kernel.Megabytes:F0}", kernel.Predicted];
            if ((kernels.Median(kernel.Name), kernels.Range(kernel.Name)) is not ({ } time, var (least, most)))
                return (string[])[.. known, "-", "-", "-"];
            return [.. known, $"{time:F3}", $"{least:F3} - {most:F3}", $"{kernel.Megabytes / time:F0}"];
        }));
    }

    private static void Training(StringBuilder text, Figures figures)
    {
        text.Append("## Training\n\n");
        var (cached, uncached) = (figures["training, device cache"], figures["training, uncached"]);
        Table(
            text, ["", "steps", "ms a step", "waited for data", "the host's part"],
            [Row("from the device cache", cached), Row("uncached", uncached)]);
        if (uncached.Median("step_ms") - cached.Median("step_ms") is { } difference)
            text.Append($"""
                Uncached a step takes **{difference:F2} ms** more than from the device cache. No wait shows all of that: the copy and the
                kernels of the next batch run beside the step, and what they take from it counts as the step's own time.


                """);

        static string[] Row(string title, Measurement training) => training.Missing is { } reason
            ? [title, "-", $"not measured: {reason}", "-", "-"]
            :
            [
                title, $"{training.Median("steps"):F0}", $"{training.Median("step_ms"):F2}",
                $"{100 * training.Median("wait_share"):0.##} %", $"{100 * training.Median("host_wait_share"):0.##} %",
            ];
    }

    private static bool IsMissing(StringBuilder text, Measurement measurement)
    {
        text.Append(measurement.Missing is { } reason ? $"Not measured: {reason}.\n\n" : "");
        return measurement.Missing is not null;
    }

    private static string Time(double? milliseconds) => milliseconds is null ? "-" : $"{milliseconds:F3}";

    /// <summary>A table that is read well as plain text too.</summary>
    private static void Table(StringBuilder text, string[] head, IEnumerable<string[]> rows)
    {
        string[][] all = [head, .. rows];
        var widths = head.Select((_, column) => Math.Max(3, all.Max(row => row[column].Length))).ToArray();
        string[][] lines = [head, [.. widths.Select(width => new string('-', width))], .. all[1..]];
        foreach (var line in lines)
            text.Append("| ").AppendJoin(" | ", line.Select((cell, column) => cell.PadRight(widths[column]))).Append(" |\n");
        text.Append('\n');
    }
}
