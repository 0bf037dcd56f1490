using static Throughput.Part;

namespace Throughput;

/// <summary>Where a contestant takes part, and what it is held against.</summary>
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

    /// <summary>Over huge pages, by a setting of glibc.</summary>
    Huge = 16,
}

internal enum Kind
{
    Ours,
    Peer,
    Limit,
}

/// <summary>One that is measured: how it is started, why it cannot be, and what it is compared as.</summary>
internal sealed record Contestant(
    string Name, string Title, Kind Kind, Part Part, IReadOnlyList<string> Command, string? Missing = null)
{
    internal bool HugePages => Part.HasFlag(Huge);
}

/// <summary>Who takes part.</summary>
internal static class Roster
{
    internal static List<Contestant> For(Settings settings, Toolchain tools)
    {
        var (n, twice) = (Environment.ProcessorCount, 2 * Environment.ProcessorCount);
        (string Name, Part Part, string Title, string Command)[] all =
        [
            ("ours", Both | Quick, $"**VocSegDataLoader**, {n} workers", $"ours --workers {n}"),
            ("ours-1", Cpu, "VocSegDataLoader, 1 worker", "ours --workers 1"),
            ("ours-host", Both | Quick | Memory, $"**VocSegDataLoader**, host cache, {n} workers", "ours --cache host"),
            ("ours-host-1", Cpu | Memory, "VocSegDataLoader, host cache, 1 worker", "ours --cache host --workers 1"),
            ("ours-device", Cuda | Quick, $"**VocSegDataLoader**, device cache, {n} workers", "ours --cache device"),
            ("raw", Cpu, $"TorchSharp DataLoader over VocSegDataset, {n} workers", $"raw --workers {n}"),
            ("torchvision-pil", Cpu, $"torchvision VOC + PIL, {n} workers", $"py pil --workers {n}"),
            ("torchvision-2x", Both, $"torchvision.io, crop first, {twice} workers", $"py decode --workers {twice}"),
            ("torchvision-1x", Both | Quick, $"torchvision.io, crop first, {n} workers", $"py decode --workers {n}"),
            ("torchvision-v2", Cpu, $"torchvision v2 over (Image, Mask), floats once a batch, {n} workers",
                $"py transforms_v2 --workers {n}"),
            ("device-floats", Cuda | Quick, $"torchvision.io, crop first, {n} workers, floats made on the device",
                $"py device_floats --workers {n}"),
            ("device-decode", Cuda | Quick, $"torchvision decode_jpeg on the device, labels in {n} workers",
                $"py device_decode --workers {n}"),
            ("textbook-workers", Cpu | Memory, $"textbook, in memory, {n} workers", $"py textbook --workers {n}"),
            ("textbook-threads", Cpu | Quick | Memory, $"textbook, in memory, no workers, {n} torch threads",
                $"py textbook --threads {n}"),
            ("huge-textbook", Cpu | Memory | Huge, $"textbook, in memory, no workers, {n} torch threads, hugetlb=1",
                $"py textbook --threads {n}"),
            ("handtuned", Cpu | Quick, $"hand-tuned PyTorch: {n} threads, reused buffers", $"py handtuned --threads {n}"),
            ("huge-handtuned", Cpu | Huge, $"hand-tuned PyTorch: {n} threads, reused buffers, hugetlb=1",
                $"py handtuned --threads {n}"),
            ("decode-only", Both | Quick, $"limit: decode only, C, {n} threads", $"c decode --threads {n}"),
            ("write-memset", Cpu | Memory, $"limit: write a batch by memset, C, {n} threads", $"c memset --threads {n}"),
            ("write-around", Cpu | Quick | Memory, $"limit: write a batch around the cache, C, {n} threads",
                $"c around-cache --threads {n}"),
        ];
        var part = (settings.ForGpu ? Cuda : Cpu) | (settings.Quick ? Quick : 0);
        return [.. all.Where(one => one.Part.HasFlag(part)).Select(Make)];

        Contestant Make((string Name, Part Part, string Title, string Command) one) => one.Command.Split(' ') switch
        {
            ["py", .. var words] => new(one.Name, one.Title, Kind.Peer, one.Part,
                [tools.Python, "-B", "-W", "ignore", Path.Combine(Toolchain.Home, "benchmarks", "peers.py"), .. words],
                tools.PythonMissing),
            ["c", .. var words] => new(
                one.Name, one.Title, Kind.Limit, one.Part, [tools.Limits, .. words], tools.LimitsMissing),
            var words => new(one.Name, one.Title, Kind.Ours, one.Part, [.. Toolchain.Self, .. words]),
        };
    }
}
