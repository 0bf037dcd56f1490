namespace VocSeg.Torch.Tests;

/// <summary>The ways to keep decoded samples. Those on the disk share a folder that is gone with the process.</summary>
internal static class Caches
{
    private static readonly Lazy<string> Folder = new(() =>
    {
        var folder = new TempFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        return folder.Path;
    });

    internal static IEnumerable<SampleCache> All => Names.Select(Of);

    internal static string[] Names { get; } = ["none", "host", "device", "disk", "device from disk"];

    internal static SampleCache Of(string name) => name switch
    {
        "none" => SampleCache.None,
        "host" => SampleCache.Host,
        "device" => SampleCache.Device,
        "disk" => SampleCache.Disk(Folder.Value),
        _ => SampleCache.DeviceFromDisk(Folder.Value),
    };
}
