namespace VocSeg.Torch;

/// <summary>Reads a list of sample ids: one a line; blank lines and what follows the first blank in a line do not count.</summary>
internal static class SplitList
{
    internal static IReadOnlyList<string> Read(string path)
    {
        var ids = new List<string>();
        var lineOf = new Dictionary<string, int>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in Lines(path))
        {
            number++;
            if (line.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries) is not [var id, ..])
                continue;
            if (id.AsSpan().ContainsAny('/', '\\') || id is "." or "..")
                throw new DatasetException(path, $"line {number} holds '{id}'; an id is a file name without folder and extension.");
            if (!lineOf.TryAdd(id, number))
                throw new DatasetException(path, $"'{id}' stands in line {lineOf[id]} and again in line {number}; take one of them out.");
            ids.Add(id);
        }
        if (ids.Count == 0)
            throw new DatasetException(path, "the list is empty; it should hold one sample id a line.");
        return ids;
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(path, $"the list cannot be read: {error.Message} See to its permissions, or name another list.", error);
        }
    }
}
