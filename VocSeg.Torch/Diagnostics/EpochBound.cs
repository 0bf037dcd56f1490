namespace VocSeg.Torch;

/// <summary>What an epoch's time went to.</summary>
public enum EpochBound
{
    /// <summary>The loop itself: batches were there when it asked. Faster loading gains nothing.</summary>
    Loop,

    /// <summary>Decoding: more workers help, where cores are idle, or a cache.</summary>
    Decoding,

    /// <summary>Storage: workers waited for files. A faster disk or a cache helps.</summary>
    Storage,

    /// <summary>What is done to decoded pixels: fewer transforms or more workers help.</summary>
    Transforms,

    /// <summary>The file of a disk cache was written, or waited for. Later epochs find it there.</summary>
    Opening,

    /// <summary>
    /// What lies between workers and loop: workers stood still although the loop waited. Copies to the device,
    /// transforms of one's own, a small prefetch or a short epoch are causes.
    /// </summary>
    Delivery,
}
