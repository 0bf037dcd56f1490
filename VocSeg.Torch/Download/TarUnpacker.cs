using System.Text;
using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.Tar;

namespace VocSeg.Torch;

/// <summary>Unpacks the VOC folder of a tar into a temporary folder.</summary>
internal sealed class TarUnpacker(
    string tar, string target, VocArchiveOptions options, ArchiveReporter reporter, CancellationToken cancellation)
{
    private const string Lists = "ImageSets/Segmentation/";
    private const string Labels = VocFolder.Labels + "/";
    private const string Images = VocFolder.Images + "/";

    private readonly Dictionary<string, long> files = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> named = new(StringComparer.Ordinal);
    private readonly HashSet<string> skipped = new(StringComparer.Ordinal);
    private readonly byte[] buffer = new byte[256 * 1024];

    /// <summary>The name of the VOC folder in the tar.</summary>
    internal string? VocName { get; private set; }

    internal string Root => Path.Combine(target, VocName!);

    /// <summary>The unpacked files and their lengths.</summary>
    internal IReadOnlyDictionary<string, long> Files => files;

    /// <exception cref="InvalidDataException">
    /// The tar has another checksum, is damaged, is not a VOC tar, or holds what a VOC tar must not hold.
    /// </exception>
    /// <exception cref="DatasetException">A file cannot be read or written.</exception>
    internal void Run()
    {
        // The checksum of a downloaded tar is known already.
        Pass(hashed: options.TarFile is not null && options.Sha1 is not null, Wants);
        // Images that precede the lists in the tar were skipped, since the lists had not named them yet.
        skipped.IntersectWith(named.Select(id => $"{Images}{id}.jpg"));
        if (skipped.Count > 0)
            Pass(hashed: false, skipped.Contains);
        RequireVoc();
    }

    private bool Wants(string path)
    {
        if (options.Content == VocArchiveContent.Everything)
            return true;
        if (Path.GetDirectoryName(path) is not (VocFolder.Images or VocFolder.Labels) && !IsList(path))
            return false;
        var isImage = path.StartsWith(Images, StringComparison.Ordinal);
        if (!isImage || named.Contains(Path.GetFileNameWithoutExtension(path)))
            return true;
        skipped.Add(path);
        return false;
    }

    private static bool IsList(string path) => path.StartsWith(Lists, StringComparison.Ordinal)
        && path.EndsWith(".txt", StringComparison.Ordinal)
        && path.IndexOf('/', Lists.Length) < 0;

    private void Pass(bool hashed, Func<string, bool> wants)
    {
        var total = new FileInfo(tar).Length;
        reporter.Begin(VocArchiveStage.Unpacking, tar, 0, total);
        using var screen = new TarScreen(Open(), hashed, done => reporter.Advance(done, total));
        try
        {
            using var members = new TarInputStream(screen, Encoding.UTF8) { IsStreamOwner = false };
            while (members.GetNextEntry() is { } member)
            {
                cancellation.ThrowIfCancellationRequested();
                Take(members, member, wants);
            }
        }
        catch (Exception error)
            when (error is SharpZipBaseException or ArgumentException or FormatException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"not a tar, or a damaged one: {error.Message}", error);
        }
        if (hashed && screen.Checksum() is var checksum && checksum != options.Sha1)
            throw new InvalidDataException($"the SHA-1 is {checksum}, it must be {options.Sha1}");
        if (!screen.SawEnd)
            throw new InvalidDataException("the tar is cut short");
    }

    private FileStream Open()
    {
        try
        {
            return new(tar, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);
        }
        catch (Exception error) when (ArchiveDisk.IsFault(error))
        {
            throw new DatasetException(
                DatasetException.KindOf(error), tar,
                $"the tar cannot be read: {error.Message} Check its permissions, or give another tar.", error);
        }
    }

    private void Take(TarInputStream members, TarEntry member, Func<string, bool> wants)
    {
        var path = MemberPath.Parse(member.Name);
        if (member.TarHeader.TypeFlag is not (TarHeader.LF_NORMAL or TarHeader.LF_OLDNORM or TarHeader.LF_DIR))
            throw MemberPath.Refused(member.Name, "is neither file nor folder");
        if (member.IsDirectory || path.VocName is null || path.Inside == ArchiveMark.FileName)
            return;
        if (path.VocName != (VocName ??= path.VocName))
            throw new InvalidDataException($"the tar holds two VOC folders, {VocName} and {path.VocName}");
        if (!wants(path.Inside))
            return;
        if (!files.TryAdd(path.Inside, member.Size))
            throw MemberPath.Refused(member.Name, "is there twice");
        var file = Path.Combine([Root, .. path.Parts]);
        ArchiveDisk.Write(file, () => Write(members, member.Size, file));
        if (IsList(path.Inside))
            named.UnionWith(File.ReadLines(file).Select(line => line.Trim()).Where(id => id.Length > 0));
    }

    private void Write(TarInputStream members, long length, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var output = options.Disk.OpenWrite(file, FileMode.CreateNew);
        for (int read; (read = members.Read(buffer, 0, buffer.Length)) > 0; length -= read)
            output.Write(buffer, 0, read);
        if (length != 0)
            throw new InvalidDataException("the tar is cut short");
    }

    private void RequireVoc()
    {
        if (VocName is null)
        {
            throw new InvalidDataException(
                $"no VOC tar: it has no {ArchivePlace.DevkitName} folder with a VOC folder in it");
        }
        if (named.Count == 0)
            throw new InvalidDataException($"no VOC tar for segmentation: it has no lists in {Lists.TrimEnd('/')}");
        foreach (var id in named)
        {
            string[] needed = [$"{Images}{id}.jpg", $"{Labels}{id}.png"];
            if (needed.FirstOrDefault(path => !files.ContainsKey(path)) is { } missing)
            {
                var (name, file) = (MemberPath.Printable(id), MemberPath.Printable(missing));
                throw new InvalidDataException($"incomplete: its lists name '{name}', and it has no {file}");
            }
        }
    }
}

/// <summary>The checked path of a tar's member: it stays in the folder that the tar is unpacked to.</summary>
/// <param name="VocName">The name of the VOC folder, such as VOC2012; null for a member outside of one.</param>
/// <param name="Parts">The path in the VOC folder.</param>
internal readonly record struct MemberPath(string? VocName, string[] Parts)
{
    /// <summary>The path in the VOC folder, with slashes.</summary>
    internal string Inside => string.Join('/', Parts);

    /// <exception cref="InvalidDataException">
    /// The path is absolute, contains <c>..</c>, or has characters with another meaning on some system.
    /// </exception>
    internal static MemberPath Parse(string name)
    {
        if (name.StartsWith('/') || name.Contains(':', StringComparison.Ordinal))
            throw Refused(name, "has an absolute path");
        if (name.Contains('\\', StringComparison.Ordinal) || name.Any(char.IsControl))
            throw Refused(name, "has characters that no VOC file has");
        string[] parts = [.. name.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".")];
        if (parts.Contains(".."))
            throw Refused(name, "leads out of its folder with '..'");
        // Windows drops a dot or blank at the end, so that two names would be one file.
        if (parts.Any(part => part[^1] is '.' or ' '))
            throw Refused(name, "has a name that ends in a dot or blank");
        var devkit = Array.IndexOf(parts, ArchivePlace.DevkitName);
        return devkit < 0 || parts.Length < devkit + 3 ? new(null, []) : new(parts[devkit + 1], parts[(devkit + 2)..]);
    }

    internal static string Printable(string name) =>
        string.Concat(name.Select(letter => char.IsControl(letter) ? '?' : letter));

    internal static InvalidDataException Refused(string name, string why) =>
        new($"the member '{Printable(name)}' {why}");
}
