using System.Text.RegularExpressions;

namespace VocSeg.Torch.Tests.Eng;

/// <summary>Libraries, whole and damaged, that are all given to the step for older C++ runtimes in one build.</summary>
public sealed partial class MarkedLibraries : IDisposable
{
    /// <summary>At how many places the library of the package is cut.</summary>
    internal const int Cuts = 40;

    internal const string Cut = "it is cut short or damaged.";
    internal const string NoElf = "it is no ELF file.";
    private const string OtherElf = "it is no 64-bit little-endian ELF file.";
    private const string NoList = "it has no section of needed versions (SHT_GNU_verneed).";

    // Only GLIBCXX and a number is a version to compare.
    private static readonly string[] OfCpp =
    [
        "GLIBCXX_3.4.9", "CXXABI_14.9", "GLIBCXX_3.4.29", "GLIBCXX_LDBL_3.4", "GLIBCXX_3.4.30", "GLIBCXX_3.4.32",
        "GLIBCXX_4.0",
    ];

    internal static readonly string[] Newer = ["GLIBCXX_3.4.30", "GLIBCXX_3.4.32", "GLIBCXX_4.0"];

    /// <summary>Every damage that is no cut, and what is said of it.</summary>
    internal static readonly Dictionary<string, (string Said, Func<ElfLibrary, ElfLibrary> Do)> Damages = new()
    {
        ["text"] = (NoElf, elf => elf.Put(0, 4, 0x74786574)),
        ["32-bit"] = (OtherElf, elf => elf.Put(4, 1, 1)),
        ["big-endian"] = (OtherElf, elf => elf.Put(5, 1, 2)),
        ["no-sections"] = (NoList, elf => elf.Put(0x3c, 2, 0)),
        ["no-list"] = (NoList, elf => elf.Put(SectionAt(elf, ElfLibrary.Needs) + 4, 4, 1)),
        ["short-headers"] = (Cut, elf => elf.Put(0x3a, 2, 40)),
        ["sections-far-outside"] = (Cut, elf => elf.Put(0x28, 8, -64)),
        ["list-outside"] = (Cut, elf => elf.Put(SectionAt(elf, ElfLibrary.Needs) + 24, 8, 1L << 33)),
        ["list-longer-than-the-file"] = (Cut, elf => elf.Put(SectionAt(elf, ElfLibrary.Needs) + 32, 8, -1)),
        ["list-shorter-than-it-says"] = (Cut, elf => elf.Put(SectionAt(elf, ElfLibrary.Needs) + 32, 8, 40)),
        ["names-of-no-section"] = (Cut, elf => elf.Put(SectionAt(elf, ElfLibrary.Needs) + 40, 4, 5)),
        ["names-too-short"] = (Cut, elf => elf.Put(SectionAt(elf, ElfLibrary.Names) + 32, 8, 20)),
        ["more-libraries-than-there-are"] = (Cut, elf => elf.Put(SectionAt(elf, ElfLibrary.Needs) + 44, 4, 3)),
        ["library-name-outside"] = (Cut, elf => elf.Put(elf.NeedsAt + 4, 4, 0x7fffffff)),
        ["library-outside"] = (Cut, elf => elf.Put(elf.NeedsAt + 12, 4, 0x7ffffff0)),
        ["library-leads-back"] = (Cut, elf => elf.Put(elf.NeedsAt + 12, 4, -16)),
        ["library-leads-to-itself"] = (Cut, elf => elf.Put(elf.NeedsAt + 12, 4, 0)),
        ["versions-outside"] = (Cut, elf => elf.Put(elf.NeedsAt + 8, 4, -1)),
        ["more-versions-than-there-are"] = (Cut, elf => elf.Put(elf.NeedsAt + 2, 2, 0xffff)),
        ["version-name-outside"] = (Cut, elf => elf.Put(elf.FlagsOf("GLIBCXX_3.4.30") + 4, 4, 0x10000)),
        ["version-leads-back"] = (Cut, elf => elf.Put(elf.FlagsOf("GLIBCXX_3.4.30") + 8, 4, -16)),
        ["version-leads-to-itself"] = (Cut, elf => elf.Put(elf.FlagsOf("GLIBCXX_3.4.30") + 8, 4, 0)),
        ["version-leads-into-itself"] = (Cut, elf => elf.Put(elf.FlagsOf("GLIBCXX_3.4.30") + 8, 4, 4)),
    };

    private readonly TempFolder temporary = new();
    private readonly Lazy<string[]> lines;
    private readonly Lazy<Dictionary<string, string>> faults;

    public MarkedLibraries()
    {
        lines = new(() => ChildProcess.Lines(Build()));
        faults = new(() => lines.Value.Select(line => FaultLine().Match(line)).Where(match => match.Success)
            .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["text"].Value));
    }

    /// <summary>The files, without the extension.</summary>
    internal IEnumerable<string> Names => Files("libraries").Select(path => Path.GetFileNameWithoutExtension(path));

    /// <summary>All that the step wrote.</summary>
    internal IEnumerable<string> Written => Files("older").Concat(Files("here"));

    /// <summary>The copy for runtimes as old as that of RHEL 9; null where there is none.</summary>
    internal byte[]? Older(string name) => Copy("older", name);

    /// <summary>The copy for a runtime as old as that of Debian 12; null where there is none.</summary>
    internal byte[]? Here(string name) => Copy("here", name);

    /// <summary>What was said of a library in place of a copy.</summary>
    internal string? Fault(string name) => faults.Value.GetValueOrDefault(name);

    /// <summary>What was said to be lacking where a library was copied.</summary>
    internal string[] Announced(string name) =>
    [
        .. lines.Value.Select(line => CopyLine().Match(line)).Where(match => match.Groups["name"].Value == name)
            .Select(match => match.Groups["text"].Value),
    ];

    internal static ElfLibrary Library(bool sectionsFirst = false) => new(
        sectionsFirst, ("libstdc++.so.6", OfCpp), ("libother.so.1", ["GLIBCXX_9.9"]));

    public void Dispose() => temporary.Dispose();

    private static int SectionAt(ElfLibrary elf, int index) => elf.TableAt + (index * ElfLibrary.SectionSize);

    private string Folder(string name) => temporary["a folder with spaces", name];

    private string[] Files(string folder)
    {
        Assert.NotEmpty(lines.Value);
        return Directory.GetFiles(Folder(folder));
    }

    private byte[]? Copy(string folder, string name)
    {
        var path = Path.Combine(Folder(folder), name + ".so");
        return Files(folder).Contains(path) ? File.ReadAllBytes(path) : null;
    }

    private string Build()
    {
        var targets = DotnetSdk.RequireTargets();
        WriteLibraries();
        var versions = Enumerable.Range(1, 30).Select(last => $"GLIBCXX_3.4.{last}").Prepend("GLIBCXX_3.4");
        File.WriteAllText(Folder("libstdc++.so.6"), "\0" + string.Join('\0', versions) + "\0");
        File.WriteAllText(Folder("mark.proj"), $"""
            <Project>
              <Import Project="{targets}" />
              <ItemGroup>
                <Library Include="libraries/*.so;libraries/missing.so" />
                <Sound Include="libraries/sound*.so" />
              </ItemGroup>
              <Target Name="Mark">
                <MarkNewerVersionsWeak Library="%(Library.FullPath)" ContinueOnError="true"
                                       Copy="$(MSBuildProjectDirectory)/older/%(Library.Filename).so" />
                <MarkNewerVersionsWeak Library="%(Sound.FullPath)"
                                       Runtime="$(MSBuildProjectDirectory)/libstdc++.so.6"
                                       Copy="$(MSBuildProjectDirectory)/here/%(Sound.Filename).so" />
              </Target>
            </Project>
            """);
        string[] quiet = ["-nologo", "-tl:off", "-clp:NoSummary"];
        return DotnetSdk.RunWell(["msbuild", Folder("mark.proj"), "-t:Mark", .. quiet]);
    }

    private void WriteLibraries()
    {
        Directory.CreateDirectory(Folder("libraries"));
        Write("sound", Library().Bytes);
        Write("sound-first", Library(sectionsFirst: true).Bytes);
        Write("sound-old", new ElfLibrary(false, ("libstdc++.so.6", ["GLIBCXX_3.4.9", "GLIBCXX_3.4.29"])).Bytes);
        Write("unwritable", Library().Bytes);
        Directory.CreateDirectory(Path.Combine(Folder("older"), "unwritable.so"));
        foreach (var (name, damage) in Damages)
            Write("damaged-" + name, damage.Do(Library()).Bytes);
        foreach (var (name, elf) in new[] { ("cut", Library()), ("cut-first", Library(sectionsFirst: true)) })
        {
            for (var length = 0; length < elf.Bytes.Length; length++)
                Write($"{name}-{length}", elf.Bytes.AsSpan(0, length));
        }
        WritePackage();
    }

    // The library itself is not part of the test where the package cache lacks it.
    private void WritePackage()
    {
        if (DotnetSdk.FindTorchSharpLibrary() is not { } path)
            return;
        var library = File.ReadAllBytes(path);
        Write("sound-package", library);
        // Half of them near the end, where the table of sections is.
        for (var cut = 1; cut <= Cuts / 2; cut++)
        {
            Write($"package-cut-{cut}", library.AsSpan(0, (int)((long)library.Length * cut / (Cuts / 2 + 1))));
            Write($"package-cut-end-{cut}", library.AsSpan(0, library.Length - (cut * cut)));
        }
    }

    private void Write(string name, ReadOnlySpan<byte> bytes) =>
        File.WriteAllBytes(Path.Combine(Folder("libraries"), name + ".so"), bytes);

    [GeneratedRegex(@"(?<name>[\w-]+)\.so : warning : (?<text>.*)", RegexOptions.None, 1000)]
    private static partial Regex FaultLine();

    [GeneratedRegex(
        @"TorchSharpOlderCppRuntime: (?<text>.*); the output has a copy of (?<name>[\w-]+)\.so that",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex CopyLine();
}
