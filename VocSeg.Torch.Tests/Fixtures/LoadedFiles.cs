namespace VocSeg.Torch.Tests;

/// <summary>Bytes as the decoders get them: from a file.</summary>
internal sealed class LoadedFiles : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly EncodedFile file = new();

    internal string Path => folder["image"];

    /// <summary>The file with these bytes; valid until the next one.</summary>
    internal EncodedFile Load(ReadOnlySpan<byte> bytes)
    {
        File.WriteAllBytes(Path, bytes);
        file.Read(Path);
        return file;
    }

    public void Dispose() => folder.Dispose();
}
