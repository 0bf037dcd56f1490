namespace Throughput;

/// <summary>Where a contestant takes part.</summary>
[Flags]
internal enum Part
{
    Cpu = 1,
    Cuda = 2,
    Both = Cpu | Cuda,

    /// <summary>In the short run too.</summary>
    Quick = 4,

    /// <summary>It reads from memory, or is the limit of those, what others decode.</summary>
    Memory = 8,
}

internal enum Kind
{
    Ours,
    Peer,
    Limit,
}

/// <summary>One that is measured: how it is started, and what it is compared as.</summary>
internal sealed record Contestant(string Name, string Title, Kind Kind, Part Part, IReadOnlyList<string> Command)
{
    /// <summary>Why it cannot run here, else null.</summary>
    internal string? Missing { get; init; }

    /// <summary>Whether it runs over huge pages by glibc's leave.</summary>
    internal bool HugePages { get; init; }

    internal bool Is(Part part) => Part.HasFlag(part);
}

/// <summary>Who takes part.</summary>
internal static class Roster
{
    internal static List<Contestant> For(Settings settings, Toolchain tools)
    {
        var (n, twice) = ($"{Environment.ProcessorCount}", $"{2 * Environment.ProcessorCount}");
        var part = (settings.ForGpu ? Part.Cuda : Part.Cpu) | (settings.Quick ? Part.Quick : 0);
        const string torchvision = "torchvision.io, crop first", memory = "textbook, in memory", tuned = "hand-tuned PyTorch";
        Contestant[] all =
        [
            Ours("ours", $"**VocSegDataLoader**, {n} workers", Part.Both | Part.Quick, n),
            Ours("ours-1", "VocSegDataLoader, 1 worker", Part.Cpu, "1"),
            Ours("ours-host", $"**VocSegDataLoader**, host cache, {n} workers", Part.Both | Part.Quick | Part.Memory, n, "host"),
            Ours("ours-host-1", "VocSegDataLoader, host cache, 1 worker", Part.Cpu | Part.Memory, "1", "host"),
            Ours("ours-device", $"**VocSegDataLoader**, device cache, {n} workers", Part.Cuda | Part.Quick, n, "device"),
            Ours("raw", $"TorchSharp DataLoader over VocSegDataset, {n} workers", Part.Cpu, n),
            Peer("torchvision-pil", $"torchvision VOC + PIL, {n} workers", Part.Cpu, "pil", n),
            Peer("torchvision-2x", $"{torchvision}, {twice} workers", Part.Both, "decode", twice),
            Peer("torchvision-1x", $"{torchvision}, {n} workers", Part.Both | Part.Quick, "decode", n),
            Peer("torchvision-v2", $"torchvision v2 over (Image, Mask), floats once a batch, {n} workers", Part.Cpu,
                "transforms_v2", n),
            Peer("device-floats", $"{torchvision}, {n} workers, floats made on the device", Part.Cuda | Part.Quick,
                "device_floats", n),
            Peer("device-decode", $"torchvision decode_jpeg on the device, labels in {n} workers", Part.Cuda | Part.Quick,
                "device_decode", n),
            Peer("textbook-workers", $"{memory}, {n} workers", Part.Cpu | Part.Memory, "textbook", n),
            Peer("textbook-threads", $"{memory}, no workers, {n} torch threads", Part.Cpu | Part.Quick | Part.Memory,
                "textbook", threads: n),
            Peer("huge-textbook", $"{memory}, no workers, {n} torch threads, hugetlb=1", Part.Cpu | Part.Memory,
                "textbook", threads: n) with { HugePages = true },
            Peer("handtuned", $"{tuned}: {n} threads, reused buffers", Part.Cpu | Part.Quick, "handtuned", threads: n),
            Peer("huge-handtuned", $"{tuned}: {n} threads, reused buffers, hugetlb=1", Part.Cpu, "handtuned", threads: n)
                with { HugePages = true },
            Limit("decode-only", $"limit: decode only, C, {n} threads", Part.Both | Part.Quick, "decode"),
            Limit("write-memset", $"limit: write a batch by memset, C, {n} threads", Part.Cpu | Part.Memory, "memset"),
            Limit("write-around", $"limit: write a batch around the cache, C, {n} threads",
                Part.Cpu | Part.Quick | Part.Memory, "around-cache"),
        ];
        return [.. all.Where(contestant => contestant.Is(part))];

        Contestant Ours(string name, string title, Part where, string workers, string cache = "none") => new(
            name, title, Kind.Ours, where,
            [.. Toolchain.Self, name == "raw" ? "raw" : "ours", "--workers", workers, "--cache", cache]);

        Contestant Peer(string name, string title, Part where, string peer, string workers = "0", string threads = "0") =>
            new(name, title, Kind.Peer, where, [.. tools.Peers, peer, "--workers", workers, "--threads", threads])
            {
                Missing = tools.PythonMissing,
            };

        Contestant Limit(string name, string title, Part where, string limit) =>
            new(name, title, Kind.Limit, where, [tools.Limits, limit, "--threads", n]) { Missing = tools.LimitsMissing };
    }
}
