using System.Text;
using System.Text.RegularExpressions;
using static VocSeg.Torch.Tests.Eng.MarkedLibraries;

namespace VocSeg.Torch.Tests.Eng;

/// <summary>What the build step for older C++ runtimes does to a library, whole or damaged.</summary>
[Collection(DotnetSdk.Name)]
public sealed partial class OlderCppRuntimeTests(MarkedLibraries marked) : IClassFixture<MarkedLibraries>
{
    public static TheoryData<string> DamageNames => [.. Damages.Keys];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Only_the_flags_of_versions_newer_than_RHEL_9_differ(bool sectionsFirst)
    {
        var elf = Library(sectionsFirst);
        AssertWeak(elf.Bytes, marked.Older(sectionsFirst ? "sound-first" : "sound"), Newer.Select(elf.FlagsOf));
    }

    [Fact]
    public void Only_the_flags_of_versions_that_the_runtime_lacks_differ()
    {
        var elf = Library();
        AssertWeak(elf.Bytes, marked.Here("sound"), [elf.FlagsOf("GLIBCXX_3.4.32"), elf.FlagsOf("GLIBCXX_4.0")]);
    }

    [Fact]
    public void The_library_of_the_package_changes_in_these_flags_alone()
    {
        var bytes = File.ReadAllBytes(DotnetSdk.RequireTorchSharpLibrary());
        var named = VersionNames().Matches(Encoding.Latin1.GetString(bytes)).Select(match => match.Value).Distinct();
        var newer = named.Where(name => int.Parse(name[(name.LastIndexOf('.') + 1)..]) > 29).ToList();
        Assert.Contains("GLIBCXX_3.4.32", newer);
        AssertWeak(bytes, marked.Older("sound-package"), newer.Select(Flags));
        AssertWeak(bytes, marked.Here("sound-package"), newer.Where(name => name != "GLIBCXX_3.4.30").Select(Flags));

        // An entry begins with the hash of its name; no list has to be read to find it.
        int Flags(string name)
        {
            var hash = BitConverter.GetBytes(ElfLibrary.HashOf(name));
            var at = bytes.AsSpan().IndexOf(hash);
            Assert.True(at > 0 && at == bytes.AsSpan().LastIndexOf(hash), name);
            return at + 4;
        }
    }

    [Fact]
    public void A_copy_is_announced_in_one_line()
    {
        string[] lines =
        [
            "older C++ runtimes lack GLIBCXX_3.4.30 and GLIBCXX_3.4.32 and GLIBCXX_4.0",
            "the C++ runtime of this machine lacks GLIBCXX_3.4.32 and GLIBCXX_4.0",
        ];
        Assert.Equal(lines, marked.Announced("sound"));
    }

    [Fact]
    public void What_lacks_nothing_is_not_copied()
    {
        Assert.Null(marked.Older("sound-old"));
        Assert.Null(marked.Here("sound-old"));
        Assert.Empty(marked.Announced("sound-old"));
        Assert.Null(marked.Fault("sound-old"));
    }

    [Theory]
    [MemberData(nameof(DamageNames))]
    public void A_damaged_library_is_an_error_and_nothing_is_written(string damage) =>
        AssertRefused("damaged-" + damage, Damages[damage].Said);

    [Fact]
    public void A_library_that_is_cut_short_at_any_byte_is_an_error_and_nothing_is_written()
    {
        foreach (var (name, elf) in new[] { ("cut", Library()), ("cut-first", Library(sectionsFirst: true)) })
        {
            for (var length = 0; length < elf.Bytes.Length; length++)
                AssertRefused($"{name}-{length}", length < ElfLibrary.HeaderSize ? NoElf : Cut);
        }
    }

    [Fact]
    public void The_library_of_the_package_is_refused_when_it_is_cut_short()
    {
        DotnetSdk.RequireTorchSharpLibrary();
        var cuts = marked.Names.Where(name => name.StartsWith("package-cut-", StringComparison.Ordinal)).ToList();
        Assert.Equal(Cuts, cuts.Count);
        Assert.All(cuts, name => AssertRefused(name, Cut));
    }

    [Fact]
    public void A_library_that_is_not_there_is_named() => AssertRefused("missing", "Could not find file");

    [Fact]
    public void A_copy_that_cannot_be_written_is_an_error() => AssertRefused("unwritable", "Access to the path");

    [Fact]
    public void No_copy_is_left_half_written() =>
        Assert.All(marked.Written, path => Assert.Equal(".so", Path.GetExtension(path)));

    private static void AssertWeak(byte[] library, byte[]? copy, IEnumerable<int> flags)
    {
        Assert.NotNull(copy);
        Assert.Equal(library.Length, copy.Length);
        var different = Enumerable.Range(0, library.Length).Where(index => library[index] != copy[index]).ToList();
        Assert.Equal(flags.Order(), different);
        Assert.All(different, index => Assert.Equal((0, 2), (library[index], copy[index])));
    }

    private void AssertRefused(string name, string reason)
    {
        var fault = marked.Fault(name);
        Assert.True(fault is not null, name);
        Assert.StartsWith("TorchSharpOlderCppRuntime: no copy of it can be made: " + reason, fault);
        Assert.Null(marked.Older(name));
    }

    [GeneratedRegex(@"\bGLIBCXX_3\.4\.[0-9]+\b", RegexOptions.None, 10_000)]
    private static partial Regex VersionNames();
}
