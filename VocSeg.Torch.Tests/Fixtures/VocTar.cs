using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;

namespace VocSeg.Torch.Tests;

/// <summary>A small tar with known content and the folders of the official one.</summary>
internal sealed class VocTar
{
    private static readonly DateTimeOffset Written = new(2012, 5, 11, 0, 0, 0, TimeSpan.Zero);

    private readonly List<(TarEntryType Type, string Name, byte[] Content)> members = [];

    internal string VocName { get; init; } = "VOC2012";

    internal byte[] Bytes { get; private set; } = [];

    internal string Sha1 => Convert.ToHexStringLower(SHA1.HashData(Bytes));

    /// <summary>Exactly the files that segmentation needs.</summary>
    internal IReadOnlyDictionary<string, byte[]> Needed => Select(IsNeeded);

    internal IReadOnlyDictionary<string, byte[]> All => Select(_ => true);

    /// <summary>Ten images, six of them named by the lists. As in the official tar, images precede lists.</summary>
    internal static VocTar Standard(bool listsFirst = false, int seed = 1, int imageBytes = 40_000)
    {
        var random = new Random(seed);
        byte[] Noise(int length)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            return bytes;
        }

        var tar = new VocTar();
        var ids = Enumerable.Range(0, 10).Select(number => $"2007_{number:000000}").ToArray();
        Action[] parts =
        [
            () => Array.ForEach(ids, id => tar.Add($"Annotations/{id}.xml", Noise(700))),
            () => Array.ForEach(ids, id => tar.Add($"JPEGImages/{id}.jpg", Noise(imageBytes + random.Next(2000)))),
            () =>
            {
                tar.Add("ImageSets/Main/train.txt", List(ids[7..8]));
                tar.Add("ImageSets/Segmentation/train.txt", List(ids[..4]));
                tar.Add("ImageSets/Segmentation/val.txt", List(ids[4..6]));
            },
            () => Array.ForEach(ids[..6], id => tar.Add($"SegmentationClass/{id}.png", Noise(3000))),
            () => Array.ForEach(ids[..6], id => tar.Add($"SegmentationObject/{id}.png", Noise(3000))),
        ];
        if (listsFirst)
            (parts[1], parts[2]) = (parts[2], parts[1]);
        foreach (var part in parts)
            part();
        return tar.Build();
    }

    internal VocTar Add(string path, byte[] content) =>
        AddMember(TarEntryType.RegularFile, $"VOCdevkit/{VocName}/{path}", content);

    internal VocTar AddMember(TarEntryType type, string name, byte[]? content = null)
    {
        members.Add((type, name, content ?? []));
        return this;
    }

    internal VocTar Build(TarEntryFormat format = TarEntryFormat.Ustar)
    {
        using var file = new MemoryStream();
        using (var writer = new TarWriter(file, format, leaveOpen: true))
        {
            foreach (var (type, name, content) in members)
            {
                TarEntry entry = format switch
                {
                    TarEntryFormat.Pax => new PaxTarEntry(type, name),
                    TarEntryFormat.Gnu => new GnuTarEntry(type, name),
                    _ => new UstarTarEntry(type, name),
                };
                // The same members must give the same bytes, and so the same checksum, at any time.
                entry.ModificationTime = Written;
                if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
                    entry.LinkName = "VOCdevkit/VOC2012/ImageSets/Segmentation/train.txt";
                if (type == TarEntryType.RegularFile)
                    entry.DataStream = new MemoryStream(content);
                writer.WriteEntry(entry);
            }
        }
        Bytes = file.ToArray();
        return this;
    }

    internal VocTar WithBytes(byte[] bytes)
    {
        Bytes = bytes;
        return this;
    }

    private static byte[] List(string[] ids) => Encoding.ASCII.GetBytes(string.Concat(ids.Select(id => id + "\n")));

    private static bool IsNeeded(string path) =>
        path.StartsWith("ImageSets/Segmentation/", StringComparison.Ordinal)
        || path.StartsWith("SegmentationClass/", StringComparison.Ordinal)
        || (path.StartsWith("JPEGImages/", StringComparison.Ordinal) && path[^5] < '6');

    private Dictionary<string, byte[]> Select(Func<string, bool> wanted)
    {
        var start = $"VOCdevkit/{VocName}/";
        return members.Where(member => member.Type == TarEntryType.RegularFile && wanted(member.Name[start.Length..]))
            .ToDictionary(member => member.Name[start.Length..], member => member.Content, StringComparer.Ordinal);
    }
}
