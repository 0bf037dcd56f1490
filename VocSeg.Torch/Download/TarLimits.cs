namespace VocSeg.Torch;

/// <summary>What a VOC tar stays below, by far; one that does not is refused before it fills the disk.</summary>
internal static class TarLimits
{
    internal const long MemberBytes = 64L << 20;
    internal const long TotalBytes = 16L << 30;
    internal const int Members = 500_000;

    /// <summary>Bytes of a header that holds a long name or further fields of the next member.</summary>
    internal const long ExtensionBytes = 64 << 10;
}
