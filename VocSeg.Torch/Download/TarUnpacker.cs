using System.Text;
using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.Tar;

namespace VocSeg.Torch;

/// <summary>Takes a VOC folder out of a tar, into a folder where nothing counts yet.</summary>
internal sealed class TarUnpacker(string tar, string target, VocArchiveOptions options, ArchiveReporter reporter, CancellationToken cancellation)
{
    private const string Lists = "ImageSets/Segmentation/", Labels = VocFolder.Labels + "/", Images = VocFolder.Images + "/";

    private readonly Dictionary<string, long> files = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> named = new(StringComparer.Ordinal);
    private readonly HashSet<string> passedOver = new(StringComparer.Ordinal);
    private readonly byte[] buffer = new byte[256 * 1024];

    /// <summary>The name of the VOC folder in the tar.</summary>
    internal string? VocName { get; private set; }

    internal string Root => Path.Combine(target, VocName!);

    /// <summary>What was taken out, with lengths.</summary>
    internal IReadOnlyDictionary<string, long> Files => files;

    /// <summary>Whether to make the tar's sum on the way.</summary>
    internal bool Check { get; init; }

    /// <exception cref="InvalidDataException">The tar has another sum, is damaged, holds what it must not, or is no VOC tar.</exception>
    /// <exception cref="DatasetException">A file cannot be read or written.</exception>
    internal void Run()
    {
        Pass(Check, Wants);
        // Photos that stand before the lists in the tar could not be told from the others.
        passedOver.IntersectWith(named.Select(id => $"{Images}{id}.jpg"));
        if (passedOver.Count > 0)
            Pass(hashed: false, passedOver.Contains);
        RequireVoc();
    }

    private bool Wants(string path)
    {
        if (options.Content == VocArchiveContent.Everything)
            return true;
        if (Path.GetDirectoryName(path) is not (VocFolder.Images or VocFolder.Labels) && !IsList(path))
            return false;
        if (!path.StartsWith(Images, StringComparison.Ordinal) || named.Contains(Path.GetFileNameWithoutExtension(path)))
            return true;
        passedOver.Add(path);
        return false;
    }

    private static bool IsList(string path) =>
        path.StartsWith(Lists, StringComparison.Ordinal) && path.EndsWith(".txt", StringComparison.Ordinal) && path.IndexOf('/', Lists.Length) < 0;

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
        catch (Exception error) when (error is SharpZipBaseException or ArgumentException or FormatException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"not a tar, or a damaged one: {error.Message}", error);
        }
        if (hashed && screen.Sum() is var sum && options.Sha1 is { } expected && sum != expected)
            throw new InvalidDataException($"the SHA-1 is {sum}, it must be {expected}");
        if (!screen.SawEnd)
            throw new InvalidDataException("the tar is cut short");
    }

    private FileStream Open()
    {
        try
        {
            return new(tar, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(tar, $"the tar cannot be read: {error.Message} See to its permissions, or name another one.", error);
        }
    }

    private void Take(TarInputStream members, TarEntry member, Func<string, bool> wants)
    {
        var path = MemberPath.Parse(member.Name);
        if (member.TarHeader.TypeFlag is not (TarHeader.LF_NORMAL or TarHeader.LF_OLDNORM or TarHeader.LF_DIR))
            throw new InvalidDataException($"the member '{MemberPath.Printable(member.Name)}' is neither file nor folder");
        if (member.IsDirectory || path.VocName is null || path.Inside == ArchiveMark.FileName)
            return;
        if (path.VocName != (VocName ??= path.VocName))
            throw new InvalidDataException($"the tar holds two VOC folders, {VocName} and {path.VocName}");
        if (!wants(path.Inside))
            return;
        if (!files.TryAdd(path.Inside, member.Size))
            throw new InvalidDataException($"the member '{MemberPath.Printable(member.Name)}' is there twice");
        var file = Path.Combine(Root, Path.Combine(path.Parts));
        Write(members, member.Size, file);
        if (IsList(path.Inside))
            named.UnionWith(File.ReadLines(file).Select(line => line.Trim()).Where(id => id.Length > 0));
    }

    private void Write(TarInputStream members, long length, string file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            using (var output = options.Disk.OpenWrite(file, FileMode.CreateNew))
            {
                for (int read; (read = members.Read(buffer, 0, buffer.Length)) > 0; length -= read)
                    output.Write(buffer, 0, read);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ArchiveDisk.CannotWrite(file, error);
        }
        if (length != 0)
            throw new InvalidDataException("the tar is cut short");
    }

    private void RequireVoc()
    {
        if (VocName is null)
            throw new InvalidDataException($"no VOC tar: it has no {ArchivePlace.DevkitName} folder with a VOC folder in it");
        if (named.Count == 0)
            throw new InvalidDataException($"no VOC tar for segmentation: it has no lists in {Lists.TrimEnd('/')}");
        foreach (var id in named)
        {
            foreach (var path in new[] { $"{Images}{id}.jpg", $"{Labels}{id}.png" })
            {
                if (!files.ContainsKey(path))
                    throw new InvalidDataException($"not whole: its lists name '{MemberPath.Printable(id)}', and it has no {MemberPath.Printable(path)}");
            }
        }
    }
}
