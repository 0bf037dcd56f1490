namespace Gallery;

/// <summary>Writes files that appear under their name only when they are whole.</summary>
internal static class WholeFile
{
    internal static void Write(string path, byte[] content)
    {
        var part = path + ".part";
        File.WriteAllBytes(part, content);
        File.Move(part, path, overwrite: true);
    }
}
