namespace Throughput.Contest;

/// <summary>Who takes part on the CPU.</summary>
internal static class Roster
{
    private static readonly Dictionary<string, string> HugePages = new(StringComparer.Ordinal) { ["GLIBC_TUNABLES"] = "glibc.malloc.hugetlb=1" };

    internal static IReadOnlyList<Contestant> For(PhotoSet set, Toolchain tools, int cores, bool quick)
    {
        var all = All(tools, cores);
        // What stays in memory is the same there for both sets.
        if (set == PhotoSet.Chroma444)
            return [.. all.Where(contestant => !contestant.Role.IsInMemory() && contestant.Role != Role.Raw)];
        string[] first = ["ours", "ours-host", "torchvision-decode-2", "textbook-threads", "handtuned", "decode-only", "write-around-cache"];
        return quick ? [.. all.Where(contestant => first.Contains(contestant.Name, StringComparer.Ordinal))] : all;
    }

    private static IReadOnlyList<Contestant> All(Toolchain tools, int cores)
    {
        var n = $"{cores}";
        return
        [
            Contestant.Own("ours", $"**VocSegDataLoader**, {n} workers", Role.Uncached, "ours", "--workers", n),
            Contestant.Own("ours-1", "VocSegDataLoader, 1 worker", Role.UncachedOneWorker, "ours", "--workers", "1"),
            Contestant.Own("ours-host", $"**VocSegDataLoader**, host cache, {n} workers", Role.HostCache, "ours", "--workers", n, "--cache", "host"),
            Contestant.Own("ours-host-1", "VocSegDataLoader, host cache, 1 worker", Role.HostCacheOneWorker, "ours", "--workers", "1", "--cache", "host"),
            Contestant.Own("raw", $"TorchSharp DataLoader over VocSegDataset, {n} workers", Role.Raw, "raw", "--workers", n),
            Peer("torchvision-pil", $"torchvision VOC + PIL, {n} workers kept alive", Role.OrdinaryPeer, "torchvision_pil.py", "--workers", n),
            Peer("torchvision-decode-4", $"torchvision decode_jpeg + PIL label, crop first, {2 * cores} workers kept alive", Role.OrdinaryPeer, "torchvision_decode.py", "--workers", $"{2 * cores}"),
            Peer("torchvision-decode-2", $"torchvision decode_jpeg + PIL label, crop first, {n} workers kept alive", Role.OrdinaryPeer, "torchvision_decode.py", "--workers", n),
            Peer("textbook-workers", $"textbook, in memory, {n} workers kept alive", Role.Textbook, "textbook_memory.py", "--workers", n),
            Peer("textbook-threads", $"textbook, in memory, no workers, {n} torch threads", Role.Textbook, "textbook_memory.py", "--workers", "0", "--threads", n),
            Peer("textbook-huge", $"textbook, in memory, no workers, {n} torch threads, hugetlb=1", Role.TextbookHugePages, "textbook_memory.py", "--workers", "0", "--threads", n) with { Environment = HugePages },
            Peer("handtuned", $"hand-tuned PyTorch: {n} threads, reused batch buffers", Role.HandTuned, "handtuned.py", "--threads", n),
            Peer("handtuned-huge", $"hand-tuned PyTorch: {n} threads, reused batch buffers, hugetlb=1", Role.HandTunedHugePages, "handtuned.py", "--threads", n) with { Environment = HugePages },
            Limit("decode-only", $"limit: decode only, C, {n} threads", Role.DecodeLimit, "decode_only", "--threads", n),
            Limit("write-memset", $"limit: write a batch by memset, C, {n} threads", Role.WriteLimit, "bandwidth", "--threads", n),
            Limit("write-around-cache", $"limit: write a batch around the cache, C, {n} threads", Role.WriteLimit, "bandwidth", "--threads", n, "--stores", "around-cache"),
        ];

        Contestant Peer(string name, string title, Role role, string script, params string[] arguments) => Contestant.Python(tools, name, title, role, script, arguments);

        Contestant Limit(string name, string title, Role role, string program, params string[] arguments) => Contestant.C(tools, name, title, role, program, arguments);
    }
}
