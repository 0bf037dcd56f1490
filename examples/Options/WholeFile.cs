namespace Options;

/// <summary>A file that appears under its name only when it is whole; until then one that is there stays.</summary>
internal static class WholeFile
{
    /// <summary>Writes the file, and makes its folder.</summary>
    /// <exception cref="IOException">It cannot be written; nothing of it is left.</exception>
    internal static void Write(string path, Action<Stream> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var part = path + ".part";
        try
        {
            using (var stream = File.Create(part))
            {
                write(stream);
                // The bytes reach the disk before the name does, or a power cut could leave a name for half a file.
                stream.Flush(flushToDisk: true);
            }
            File.Move(part, path, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }
}
