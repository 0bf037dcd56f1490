namespace Throughput.Contest;

/// <summary>Who takes part on a GPU.</summary>
internal static class GpuRoster
{
    internal static IReadOnlyList<Contestant> For(Toolchain tools, string device, int cores, bool quick)
    {
        var n = $"{cores}";
        // Workers of a DataLoader make whole batches, and VOC's train split has 17 of them: several passes in an epoch, or most workers of many wait at its end.
        string[] job = ["--device", device, "--passes", $"{Math.Max(1, cores / 4)}"];
        Contestant[] all =
        [
            Own("ours", $"**VocSegDataLoader**, {n} workers", Role.Uncached, "none"),
            Own("ours-host", $"**VocSegDataLoader**, host cache, {n} workers", Role.HostCache, "host"),
            Own("ours-device", $"**VocSegDataLoader**, device cache, {n} workers", Role.DeviceCache, "device"),
            Peer("torchvision-1x", $"torchvision decode_jpeg + PIL label in {n} workers, pinned copies", Role.OrdinaryPeer, "torchvision_decode.py", "--workers", n),
            Peer("torchvision-2x", $"torchvision decode_jpeg + PIL label in {2 * cores} workers, pinned copies", Role.OrdinaryPeer, "torchvision_decode.py", "--workers", $"{2 * cores}"),
            Peer("torchvision-bytes", $"the same in {n} workers, bytes only, floats made on the device", Role.DevicePeer, "torchvision_gpu.py", "--workers", n, "--decode", "workers"),
            Peer("torchvision-gpu", $"torchvision decode_jpeg on the device, PIL label in {n} workers", Role.DevicePeer, "torchvision_gpu.py", "--workers", n, "--decode", "device"),
            Contestant.C(tools, "decode-only", $"limit: decode only, C, {n} threads", Role.DecodeLimit, "decode_only", "--threads", n),
        ];
        return quick ? [.. all.Where(contestant => contestant.Name != "torchvision-2x")] : all;

        Contestant Own(string name, string title, Role role, string cache) =>
            Contestant.Own(name, title, role, "ours", "--device", device, "--workers", n, "--cache", cache);

        Contestant Peer(string name, string title, Role role, string script, params string[] arguments) =>
            Contestant.Python(tools, name, title, role, script, [.. job, .. arguments]);
    }
}
