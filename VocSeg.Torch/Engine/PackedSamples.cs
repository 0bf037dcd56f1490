namespace VocSeg.Torch;

/// <summary>
/// Decoded samples that are kept: whole images with red, green, blue and the class index of every pixel. Any number of
/// workers may ask at once.
/// </summary>
internal abstract unsafe class PackedSamples : IDisposable
{
    /// <summary>The bytes of the host's memory that they take.</summary>
    internal abstract long Bytes { get; }

    /// <summary>The pixels of a stored sample, or null where the caller is to decode it.</summary>
    /// <exception cref="DatasetException">The sample, or the cache, cannot be read.</exception>
    internal abstract byte* GetOrDecode(int index, SampleWorker worker);

    /// <summary>The runs of a stored sample's label, where they are kept.</summary>
    internal virtual LabelRuns? RunsOf(int index) => null;

    public abstract void Dispose();
}
