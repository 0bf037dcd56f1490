namespace SyntheticVoc;

/// <summary>Writes files that appear under their name only when they are whole.</summary>
internal static class WholeFile
{
    internal static void Write(string path, Action<Stream> write)
    {
        var part = path + ".part";
        using (var stream = File.Create(part))
            write(stream);
        File.Move(part, path, overwrite: true);
    }
}
