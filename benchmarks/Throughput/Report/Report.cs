using System.Text;

namespace Throughput;

/// <summary>The report: machine, a table for each contest, what is measured beside them, the bars.</summary>
internal static class Report
{
    internal static string Write(Figures figures, TimeSpan elapsed)
    {
        var (settings, text) = (figures.Settings, new StringBuilder("# Throughput\n\n"));
        var options = $"{(settings.TryOut ? " --try-out" : "")}{(settings.ForGpu ? $" --device {settings.Device}" : "")}";
        text.Append($"`./build.sh bench --rounds {settings.Rounds}{options}` on {DateTime.UtcNow:yyyy-MM-dd}, ")
            .Append($"{elapsed.TotalMinutes:F0} minutes.\n\n")
            .Append(settings.TryOut ? "**A try-out on a CPU; no figure here is one of a GPU.**\n\n" : "")
            .AppendJoin("", figures.Machine.Select(line => $"- {line}\n"))
            .Append($"""

                Batches of 64 crops of 320x480, float32 images and int64 labels, on {settings.Device}. All contestants are alive at
                once; one works at a time, {settings.Rounds} rounds of at least {Settings.Seconds} s in whole epochs, each round beginning with another one.
                Images/s are medians with the least and the most. "Of the best peer" and "of the limit" are medians of the
                ratios within a round. Those that decode are held against the best Python that decodes and against decoding.

                """)
            .Append(settings.ForGpu ? """
                The host cache's limit is the copy of its crops from pinned memory, the device cache's the device's memory.
                A turn ends when the device has done all of it. An epoch of the peers has as many passes as give a worker 16
                batches, or as end within 10 s: their workers make whole batches and wait at an epoch's end.

                """ : """
                Those from memory are held against the best textbook and against writing the bytes of a batch.

                """)
            .Append("""
                Memory is the peak of the process, or, where there are worker processes, the largest total of proportional
                sets that was seen between the measured turns.


                """);
        foreach (var (title, entries) in figures.Contests)
        {
            string[] head = [title, "images/s", "least - most", "ms a batch", "of the best peer", "of the limit", "memory"];
            Table(text, head, entries.Select(entry => Row(entry, entries, figures)));
        }
        if (settings.ForGpu)
        {
            Device(text, figures);
            OfKernels(text, figures["kernels"]);
            Training(text, figures);
        }
        Table(text.Append("## Bars\n\n"), ["", "bar", "figure", ""], Bar.Read(figures)
            .Select(bar => new[] { bar.Title, bar.Target, bar.Figure ?? "-", bar.Verdict }));
        return $"{text}".TrimEnd() + "\n";
    }

    private static string[] Row(Entry entry, IReadOnlyList<Entry> entries, Figures figures)
    {
        var (contestant, forGpu) = (entry.Contestant, figures.Settings.ForGpu);
        if (!entry.Ran)
            return [contestant.Title, "-", $"left out: {entry.Failure}", "", "", "", ""];
        var milliseconds = 1000 * Job.UsualBatch / entry.Median;
        var limit = contestant.Name switch
        {
            "ours-host" when forGpu => figures.HostFloor / milliseconds,
            "ours-device" => figures.DeviceFloor / milliseconds,
            _ => Best(Kind.Limit) is { } other ? entry.RatioTo(other) : null,
        };
        var peer = contestant.Kind == Kind.Limit ? null : Best(Kind.Peer);
        return
        [
            contestant.Title, $"{entry.Median:F0}", $"{entry.Rates.Min():F0} - {entry.Rates.Max():F0}", Time(milliseconds),
            peer is null ? "-" : $"{entry.RatioTo(peer):F2}", limit is null ? "-" : $"{limit:F2}",
            entry.PeakMemory == 0 ? "-" : $"{entry.PeakMemory / 1e9:F1} GB",
        ];

        // On a GPU those from memory have no peers of their own.
        Entry? Best(Kind kind) => entries
            .Where(other => other.Ran && other.Contestant.Kind == kind)
            .Where(other => forGpu || (other.Contestant.Part & Part.Memory) == (contestant.Part & Part.Memory))
            .MaxBy(other => other.Median);
    }

    private static void Device(StringBuilder text, Figures figures)
    {
        var (ops, floor, hostFloor) = (figures["device"], figures.DeviceFloor, figures.HostFloor);
        text.Append("## A batch's share of the device\n\n");
        if (Missing(text, ops))
            return;
        text.Append($"""
            Copies within the device move {ops.Median("device_bytes_per_s") / 1e9:F1} GB/s, reads and writes together; a batch from the device
            cache must move {Figures.DeviceBytes / 1e6:F0} MB, 4 bytes a pixel read and 20 written. Copies from pinned memory bring
            {ops.Median("host_bytes_per_s") / 1e9:F1} GB/s; a batch from the host must bring 4 bytes a pixel, {Figures.HostBytes / 1e6:F1} MB.


            """);
        Table(text, ["", "ms a batch", "least - most", "of the floor"],
        [
            ["floor: the device's memory", Time(floor), Range("device_bytes_per_s", Figures.DeviceBytes), "1.00 x"],
            Measured("device cache, 200 batches between two synchronizes", "batch_ms", floor),
            Measured("device cache, queued behind other work: the device alone", "device_ms", floor),
            Measured("the host alone: until it is queued, batches of 64", "host_ms"),
            Measured("the host alone: the same, as many batches of 16 an epoch", "host_small_ms"),
            ["floor: from pinned memory", Time(hostFloor), Range("host_bytes_per_s", Figures.HostBytes), "-"],
        ]);

        string Range(string name, double bytes) => ops.Range(name) is var (least, most)
            ? $"{Time(1000 * bytes / most)} - {Time(1000 * bytes / least)}"
            : "-";

        string[] Measured(string title, string name, double? of = null) =>
            [title, Time(ops.Median(name)), Span(ops, name), of is null ? "-" : $"{ops.Median(name) / of:F2} x"];
    }

    private static void OfKernels(StringBuilder text, Measurement kernels)
    {
        text.Append("## Kernels of a device-cache batch, and other ways\n\n");
        if (Missing(text, kernels))
            return;
        text.Append("""
            The device's time alone, queued behind other work. Predicted for an H100 by the rules of docs/performance.md. A way
            whose result differs from the present one's by more than 1e-6 has no time.


            """);
        Table(text, ["", "MB", "predicted ms", "ms", "least - most", "GB/s"], Kernel.All.Select(kernel => new[]
        {
            kernel.Title, $"{kernel.Megabytes:F0}", kernel.Predicted, Time(kernels.Median(kernel.Name)),
            Span(kernels, kernel.Name), kernels.Median(kernel.Name) is { } time ? $"{kernel.Megabytes / time:F0}" : "-",
        }));
    }

    private static void Training(StringBuilder text, Figures figures)
    {
        var (cached, uncached) = (figures["training, device cache"], figures["training, uncached"]);
        Table(
            text.Append("## Training\n\n"), ["", "steps", "ms a step", "waited for data", "the host's part"],
            [Row("from the device cache", cached), Row("uncached", uncached)]);
        if (uncached.Median("step_ms") - cached.Median("step_ms") is { } difference)
            text.Append($"""
                Uncached a step takes **{difference:F2} ms** more than from the device cache. No wait shows all of that: the copy and
                the kernels of the next batch run beside the step, and what they take from it counts as its own time.


                """);

        static string[] Row(string title, Measurement training) => training.Missing is { } reason
            ? [title, "-", $"not measured: {reason}", "-", "-"]
            : [title, $"{training.Median("steps"):F0}", $"{training.Median("step_ms"):F2}",
                $"{100 * training.Median("wait_share"):0.##} %", $"{100 * training.Median("host_wait_share"):0.##} %"];
    }

    private static bool Missing(StringBuilder text, Measurement measured)
    {
        text.Append(measured.Missing is { } reason ? $"Not measured: {reason}.\n\n" : "");
        return measured.Missing is not null;
    }

    private static string Span(Measurement measured, string name) =>
        measured.Range(name) is var (least, most) ? $"{Time(least)} - {Time(most)}" : "-";

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
