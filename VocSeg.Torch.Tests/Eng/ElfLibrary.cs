using System.Buffers.Binary;
using System.Text;

namespace VocSeg.Torch.Tests.Eng;

/// <summary>
/// A shared library of 64-bit Linux, cut down to what tells which versions it needs: a header, names, the list of
/// needed versions, and the table of sections.
/// </summary>
internal sealed class ElfLibrary
{
    internal const int HeaderSize = 64;
    internal const int SectionSize = 64;
    internal const int EntrySize = 16;

    /// <summary>Which section holds the names, and which the list of needed versions.</summary>
    internal const int Names = 1, Needs = 2;

    private const uint StringTable = 3, NoBits = 8, ProgramBits = 1, VersionNeeds = 0x6ffffffe;

    private readonly Dictionary<string, int> flags = new(StringComparer.Ordinal);

    /// <param name="sectionsFirst">Whether the table of sections stands before all that it tells of.</param>
    /// <param name="needs">The libraries that it needs, and the versions of each.</param>
    internal ElfLibrary(bool sectionsFirst, params (string Library, string[] Versions)[] needs)
    {
        var named = needs.SelectMany(need => need.Versions.Prepend(need.Library));
        var names = "\0" + string.Join('\0', named) + "\0";
        var list = needs.Sum(need => EntrySize * (1 + need.Versions.Length));
        const int Sections = 5, Tail = 8;
        var body = names.Length + list + Tail;
        TableAt = sectionsFirst ? HeaderSize : HeaderSize + body;
        NamesAt = sectionsFirst ? HeaderSize + (Sections * SectionSize) : HeaderSize;
        NeedsAt = NamesAt + names.Length;
        Bytes = new byte[HeaderSize + (Sections * SectionSize) + body];

        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(Bytes);
        Put(0x28, 8, TableAt);
        Put(0x3a, 2, SectionSize);
        Put(0x3c, 2, Sections);
        Encoding.ASCII.GetBytes(names).CopyTo(Bytes, NamesAt);
        PutSection(Names, StringTable, NamesAt, names.Length, 0, 0);
        PutSection(Needs, VersionNeeds, NeedsAt, list, Names, needs.Length);
        // What has no bytes in the file may have any size.
        PutSection(3, NoBits, NamesAt, 1L << 40, 0, 0);
        PutSection(4, ProgramBits, NeedsAt + list, Tail, 0, 0);
        PutNeeds(needs, names);
    }

    internal byte[] Bytes { get; }

    internal int NamesAt { get; }

    internal int NeedsAt { get; }

    internal int TableAt { get; }

    /// <summary>Where the flags of a needed version stand.</summary>
    internal int FlagsOf(string version) => flags[version];

    /// <summary>Puts a number of 1 to 8 bytes somewhere.</summary>
    internal ElfLibrary Put(int at, int length, long number)
    {
        Span<byte> all = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(all, number);
        all[..length].CopyTo(Bytes.AsSpan(at));
        return this;
    }

    private void PutSection(int index, uint type, int at, long length, int link, int info)
    {
        var section = TableAt + (index * SectionSize);
        Put(section + 4, 4, type).Put(section + 24, 8, at).Put(section + 32, 8, length);
        Put(section + 40, 4, link).Put(section + 44, 4, info);
    }

    private void PutNeeds((string Library, string[] Versions)[] needs, string names)
    {
        var at = NeedsAt;
        foreach (var (library, versions) in needs)
        {
            var size = EntrySize * (1 + versions.Length);
            Put(at, 2, 1).Put(at + 2, 2, versions.Length).Put(at + 4, 4, PlaceOf(library)).Put(at + 8, 4, EntrySize);
            Put(at + 12, 4, library == needs[^1].Library ? 0 : size);
            for (var index = 0; index < versions.Length; index++)
            {
                var entry = at + (EntrySize * (1 + index));
                flags[versions[index]] = entry + 4;
                Put(entry, 4, HashOf(versions[index])).Put(entry + 8, 4, PlaceOf(versions[index]));
                Put(entry + 12, 4, index == versions.Length - 1 ? 0 : EntrySize);
            }
            at += size;
        }

        int PlaceOf(string name) => names.IndexOf("\0" + name + "\0", StringComparison.Ordinal) + 1;
    }

    /// <summary>The hash by which the loader finds a name.</summary>
    internal static uint HashOf(string name)
    {
        var hash = 0u;
        foreach (var letter in name)
        {
            hash = (hash << 4) + letter;
            hash = (hash ^ ((hash & 0xf0000000) >> 24)) & 0x0fffffff;
        }
        return hash;
    }
}
