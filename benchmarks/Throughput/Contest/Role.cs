namespace Throughput.Contest;

/// <summary>What a contestant is compared as.</summary>
internal enum Role
{
    /// <summary>Ours, decoding every sample.</summary>
    Uncached,

    /// <summary>The same by one worker.</summary>
    UncachedOneWorker,

    /// <summary>Ours from memory.</summary>
    HostCache,

    /// <summary>The same by one worker.</summary>
    HostCacheOneWorker,

    /// <summary>Ours from the device's memory.</summary>
    DeviceCache,

    /// <summary>TorchSharp's loader over our data set.</summary>
    Raw,

    /// <summary>Python as most users write it.</summary>
    OrdinaryPeer,

    /// <summary>Python that leaves to the device what it can.</summary>
    DevicePeer,

    /// <summary>The hand-tuned loop.</summary>
    HandTuned,

    /// <summary>The same over huge pages.</summary>
    HandTunedHugePages,

    /// <summary>The textbook, everything in memory.</summary>
    Textbook,

    /// <summary>The same over huge pages.</summary>
    TextbookHugePages,

    /// <summary>Decoding alone.</summary>
    DecodeLimit,

    /// <summary>Writing alone.</summary>
    WriteLimit,
}

internal static class RoleGroups
{
    internal static bool IsDecodingPeer(this Role role) => role is Role.OrdinaryPeer or Role.DevicePeer or Role.HandTuned or Role.HandTunedHugePages;

    internal static bool IsMemoryPeer(this Role role) => role is Role.Textbook or Role.TextbookHugePages;

    internal static bool IsLimit(this Role role) => role is Role.DecodeLimit or Role.WriteLimit;

    /// <summary>Whether it reads from memory what others decode.</summary>
    internal static bool IsInMemory(this Role role) =>
        role is Role.HostCache or Role.HostCacheOneWorker or Role.DeviceCache or Role.Textbook or Role.TextbookHugePages or Role.WriteLimit;
}
