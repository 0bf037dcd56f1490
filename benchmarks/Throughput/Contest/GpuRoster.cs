namespace Throughput.Contest;

/// <summary>
/// Who takes part on a GPU. A DataLoader's worker makes whole batches, and an epoch of few for each leaves most of them waiting at its end: so a peer's turn is to
/// have 16 batches a worker, but not to take longer than the 10 s of <c>peer.py</c>. At most, then, a round is four turns of 10 s and four of 2.5 s (ours, the
/// limit), 50 s; a peer starts in 10 s; what is beside the contest takes a minute. Five rounds: 250 + 50 + 60 s, 6 minutes. Two, with three
/// peers: 80 + 40 + 45 s, below 3 minutes. Where 16 cores decode 3000 images/s for a peer, 16 batches for each of 16 workers take 5.5 s.
/// </summary>
internal static class GpuRoster
{
    private const int BatchesAWorker = 16;

    /// <summary>Whole batches of 64 in a pass over VOC's train split.</summary>
    private const int BatchesAPass = 17;

    internal static IReadOnlyList<Contestant> For(Toolchain tools, string device, int cores, bool quick)
    {
        var n = $"{cores}";
        Contestant[] all =
        [
            Own("ours", $"**VocSegDataLoader**, {n} workers", Role.Uncached, "none"),
            Own("ours-host", $"**VocSegDataLoader**, host cache, {n} workers", Role.HostCache, "host"),
            Own("ours-device", $"**VocSegDataLoader**, device cache, {n} workers", Role.DeviceCache, "device"),
            Peer("torchvision-1x", $"torchvision decode_jpeg + PIL label in {n} workers, pinned copies", Role.OrdinaryPeer, "torchvision_decode.py", cores),
            Peer("torchvision-2x", $"torchvision decode_jpeg + PIL label in {2 * cores} workers, pinned copies", Role.OrdinaryPeer, "torchvision_decode.py", 2 * cores),
            Peer("torchvision-bytes", $"the same in {n} workers, bytes only, floats made on the device", Role.DevicePeer, "torchvision_gpu.py", cores, "--decode", "workers"),
            Peer("torchvision-gpu", $"torchvision decode_jpeg on the device, PIL label in {n} workers", Role.DevicePeer, "torchvision_gpu.py", cores, "--decode", "device"),
            Contestant.C(tools, "decode-only", $"limit: decode only, C, {n} threads", Role.DecodeLimit, "decode_only", "--threads", n),
        ];
        return quick ? [.. all.Where(contestant => contestant.Name != "torchvision-2x")] : all;

        static int Passes(int workers) => (BatchesAWorker * workers + BatchesAPass - 1) / BatchesAPass;

        Contestant Own(string name, string title, Role role, string cache) =>
            Contestant.Own(name, title, role, "ours", "--device", device, "--workers", n, "--cache", cache);

        Contestant Peer(string name, string title, Role role, string script, int workers, params string[] arguments) =>
            Contestant.Python(tools, name, title, role, script, ["--device", device, "--workers", $"{workers}", "--passes", $"{Passes(workers)}", .. arguments]);
    }
}
