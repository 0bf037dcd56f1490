using static Throughput.Part;

namespace Throughput;

/// <summary>
/// Where a contestant takes part, Quick being the short run, and what it is compared as. Memory reads from memory, or
/// is the limit of those, what others decode; Huge gets huge pages from glibc; Augment varies its samples.
/// </summary>
[Flags]
internal enum Part
{
    Cpu = 1,
    Cuda = 2,
    Both = Cpu | Cuda,
    Quick = 4,
    Memory = 8,
    Huge = 16,
    Peer = 32,
    Limit = 64,
    Augment = 128,
}

/// <summary>One that is measured: how it is started, or why it cannot be.</summary>
internal sealed record Contestant(string Name, Part Part, string Title, string[] Command, string? Missing = null);

internal static class Roster
{
    internal static List<Contestant> For(Settings settings, Toolchain tools)
    {
        var (n, twice) = (Environment.ProcessorCount, 2 * Environment.ProcessorCount);
        var (workers, threads, limit, io) = ($"--workers {n}", $"--threads {n}", $"C, {n} threads", "torchvision.io");
        var (host, strong) = ("ours --cache host", "--augment strong");
        var (memory, tuned) = ($"textbook, in memory, {n} torch threads", $"hand-tuned PyTorch, {n} threads");
        (string Name, Part Part, string Title, string Command)[] all =
        [
            ("ours", Both | Quick, $"**VocSegDataLoader**, {n} workers", $"ours {workers}"),
            ("ours-1", Cpu, "VocSegDataLoader, 1 worker", "ours --workers 1"),
            ("ours-host", Both | Quick | Memory, $"**VocSegDataLoader**, host cache, {n} workers", host),
            ("ours-host-1", Cpu | Memory, "VocSegDataLoader, host cache, 1 worker", $"{host} --workers 1"),
            ("ours-device", Cuda | Quick, $"**VocSegDataLoader**, device cache, {n} workers", "ours --cache device"),
            ("augment", Cpu | Augment, $"**VocSegDataLoader**, augmenting, {n} workers", $"ours {workers} {strong}"),
            ("augment-host", Cpu | Memory | Augment, "VocSegDataLoader, augmenting, host cache", $"{host} {strong}"),
            ("raw", Cpu, $"TorchSharp DataLoader over VocSegDataset, {n} workers", $"raw {workers}"),
            ("torchvision-pil", Cpu | Peer, $"torchvision VOC + PIL, {n} workers", $"pil {workers}"),
            ("torchvision-2x", Both | Peer, $"{io}, crop first, {twice} workers", $"decode --workers {twice}"),
            ("torchvision-1x", Both | Quick | Peer, $"{io}, crop first, {n} workers", $"decode {workers}"),
            ("torchvision-v2", Both | Quick | Peer, $"v2 over pairs, floats of a batch, {n} workers", $"v2 {workers}"),
            ("augment-v2", Cpu | Peer | Augment, $"torchvision v2, augmenting, {n} workers", $"augment {workers}"),
            ("textbook-workers", Cpu | Memory | Peer, $"textbook, in memory, {n} workers", $"textbook {workers}"),
            ("textbook-threads", Cpu | Quick | Memory | Peer, memory, $"textbook {threads}"),
            ("huge-textbook", Cpu | Memory | Huge | Peer, memory + ", hugetlb=1", $"textbook {threads}"),
            ("handtuned", Cpu | Quick | Peer, tuned, $"handtuned {threads}"),
            ("huge-handtuned", Cpu | Huge | Peer, tuned + ", hugetlb=1", $"handtuned {threads}"),
            ("decode-only", Both | Quick | Limit, $"limit: decode only, {limit}", $"decode {threads}"),
            ("write-memset", Cpu | Memory | Limit, $"limit: write by memset, {limit}", $"memset {threads}"),
            ("write-around", Cpu | Quick | Memory | Limit, $"limit: write around cache, {limit}", $"around {threads}"),
        ];
        var part = (settings.ForGpu ? Cuda : Cpu) | (settings.Quick ? Quick : 0);
        return [.. all.Where(one => one.Part.HasFlag(part)).Select(one =>
        {
            var (command, missing) = one.Part.HasFlag(Peer) ? (tools.Peers, tools.PeersMissing)
                : one.Part.HasFlag(Limit) ? ([tools.Limits], tools.LimitsMissing) : (Toolchain.Self, null);
            return new Contestant(one.Name, one.Part, one.Title, [.. command, .. one.Command.Split(' ')], missing);
        })];
    }
}
