namespace VocSeg.Torch;

/// <summary>The path of a tar's member, judged: it may not lead out of the folder that it is unpacked to.</summary>
/// <param name="VocName">The name of the VOC folder, such as VOC2012; null for a member that is not in one.</param>
/// <param name="Parts">The path in the VOC folder.</param>
internal readonly record struct MemberPath(string? VocName, string[] Parts)
{
    /// <summary>The path in the VOC folder, with slashes.</summary>
    internal string Inside => string.Join('/', Parts);

    /// <exception cref="InvalidDataException">The path is absolute, has a <c>..</c>, or characters that mean something else on some system.</exception>
    internal static MemberPath Parse(string name)
    {
        if (name.StartsWith('/') || name.Contains(':', StringComparison.Ordinal))
            throw Refused(name, "has an absolute path");
        if (name.Contains('\\', StringComparison.Ordinal) || name.Any(char.IsControl))
            throw Refused(name, "has characters that no VOC file has");
        string[] parts = [.. name.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".")];
        foreach (var part in parts)
        {
            if (part == "..")
                throw Refused(name, "leads out of its folder with '..'");
            // Windows drops them, and two names would be one file.
            if (part[^1] is '.' or ' ')
                throw Refused(name, "has a name that ends in a dot or blank");
        }
        var devkit = Array.IndexOf(parts, ArchivePlace.DevkitName);
        return devkit < 0 || parts.Length < devkit + 3 ? new(null, []) : new(parts[devkit + 1], parts[(devkit + 2)..]);
    }

    internal static string Printable(string name) => string.Concat(name.Select(letter => char.IsControl(letter) ? '?' : letter));

    private static InvalidDataException Refused(string name, string why) => new($"the member '{Printable(name)}' {why}");
}
