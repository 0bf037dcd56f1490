using System.Buffers.Binary;
using System.Formats.Tar;
using System.Text;

namespace VocSeg.Torch.Tests.Download;

/// <summary>Tars that no VOC server would serve. Their checksums are right, but their content is refused.</summary>
public sealed class HostileTarTests
{
    [Theory]
    [InlineData("/vocseg-evil.txt", "absolute")]
    [InlineData("C:/vocseg-evil.txt", "absolute")]
    [InlineData("../evil.txt", "'..'")]
    [InlineData("VOCdevkit/VOC2012/JPEGImages/../../../../evil.jpg", "'..'")]
    [InlineData("VOCdevkit/VOC2012/..", "'..'")]
    [InlineData("VOCdevkit\\..\\evil.txt", "characters")]
    [InlineData("VOCdevkit/VOC2012/JPEGImages/a\u0001.jpg", "characters")]
    [InlineData("VOCdevkit/VOC2012/JPEGImages/2007_000000.jpg.", "dot")]
    [InlineData("VOCdevkit/VOC2012/SegmentationClass/2007_000000.png", "twice")]
    [InlineData("VOCdevkit/VOC2007/SegmentationClass/2007_000000.png", "two VOC folders")]
    public Task A_path_that_leads_elsewhere_is_refused(string name, string why) =>
        IsRefusedAsync(VocTar.Standard().AddMember(TarEntryType.RegularFile, name, "evil"u8.ToArray()).Build(), why);

    [Theory]
    [InlineData(TarEntryType.SymbolicLink, "link")]
    [InlineData(TarEntryType.HardLink, "link")]
    [InlineData(TarEntryType.CharacterDevice, "device")]
    [InlineData(TarEntryType.BlockDevice, "device")]
    [InlineData(TarEntryType.Fifo, "device or pipe")]
    public Task A_link_or_device_is_refused(TarEntryType type, string why) =>
        IsRefusedAsync(VocTar.Standard().AddMember(type, "VOCdevkit/VOC2012/JPEGImages/2008_000001.jpg").Build(), why);

    [Fact]
    public Task A_link_under_a_long_name_is_refused()
    {
        var tar = VocTar.Standard().AddMember(TarEntryType.SymbolicLink, $"VOCdevkit/VOC2012/{new string('a', 200)}");
        return IsRefusedAsync(tar.Build(TarEntryFormat.Gnu), "link");
    }

    [Theory]
    [InlineData('0', 70L << 20)]
    [InlineData('0', 1L << 40)]
    [InlineData('5', 512)]
    [InlineData('L', 1 << 20)]
    [InlineData('x', 1 << 20)]
    public Task A_member_that_says_it_is_huge_is_refused(char type, long size) =>
        IsRefusedAsync(Behind(Header(type, size)), "bytes, more than");

    [Theory]
    [InlineData('S')]
    [InlineData('M')]
    [InlineData('D')]
    [InlineData('K')]
    [InlineData('?')]
    public Task A_member_of_a_strange_type_is_refused(char type) =>
        IsRefusedAsync(Behind(Header(type, 0)), "neither file nor folder");

    [Fact]
    public Task A_negative_size_is_refused()
    {
        var header = Header('0', 0);
        header.AsSpan(124, 12).Fill(0xFF);
        return IsRefusedAsync(Behind(Sealed(header)), "bytes, more than");
    }

    [Fact]
    public Task A_damaged_header_is_refused()
    {
        var header = Header('0', 0);
        header[3] ^= 1;
        return IsRefusedAsync(Behind(header), "checksum");
    }

    [Theory]
    [InlineData(512)]
    [InlineData(10_000)]
    [InlineData(100_100)]
    public async Task A_tar_that_is_cut_short_is_refused_even_without_a_checksum(int kept)
    {
        var tar = VocTar.Standard();
        await IsRefusedAsync(tar.WithBytes(tar.Bytes[..kept]), "cut short", hasChecksum: false);
    }

    [Theory]
    [InlineData(new byte[0], "cut short")]
    [InlineData(new byte[] { 1, 2, 3 }, "not a tar")]
    public Task What_is_no_tar_is_refused(byte[] bytes, string why) =>
        IsRefusedAsync(VocTar.Standard().WithBytes(bytes), why);

    [Fact]
    public Task Noise_is_refused()
    {
        var noise = new byte[50_000];
        new Random(3).NextBytes(noise);
        return IsRefusedAsync(VocTar.Standard().WithBytes(noise), "checksum");
    }

    [Fact]
    public Task An_empty_tar_is_no_VOC_tar() => IsRefusedAsync(new VocTar().WithBytes(new byte[1024]), "no VOC tar");

    [Fact]
    public Task A_tar_without_lists_is_no_VOC_tar()
    {
        var tar = new VocTar().Add("JPEGImages/a.jpg", [1]).Add("SegmentationClass/a.png", [1]);
        return IsRefusedAsync(tar.Build(), "no lists");
    }

    [Fact]
    public Task A_tar_that_lacks_a_listed_image_is_incomplete()
    {
        var tar = new VocTar().Add("ImageSets/Segmentation/train.txt", [(byte)'a']).Add("SegmentationClass/a.png", [1]);
        return IsRefusedAsync(tar.Build(), "JPEGImages/a.jpg");
    }

    [Fact]
    public async Task Long_names_in_gnu_and_pax_form_are_fine()
    {
        foreach (var format in new[] { TarEntryFormat.Gnu, TarEntryFormat.Pax })
        {
            var tar = VocTar.Standard().Add($"Annotations/{new string('a', 150)}.xml", [1, 2, 3]).Build(format);
            await using var bench = await ArchiveBench.CreateAsync(tar);
            var options = bench.Options with { Content = VocArchiveContent.Everything };
            await bench.DownloadAsync(options);
            bench.AssertWhole(options);
        }
    }

    private static async Task IsRefusedAsync(VocTar tar, string why, bool hasChecksum = true)
    {
        await using var bench = await ArchiveBench.CreateAsync(tar);
        var outside = Directory.GetParent(bench.Folder)!;
        foreach (var content in Enum.GetValues<VocArchiveContent>())
        {
            var options = bench.Options with { Content = content, Sha1 = hasChecksum ? tar.Sha1 : null };
            var error = await bench.FailAsync(options);
            Assert.Contains(why, error.Message, StringComparison.Ordinal);
            var left = Directory.EnumerateFiles(bench.Folder, "*", SearchOption.AllDirectories);
            Assert.Equal(["lock"], left.Select(Path.GetFileName));
        }
        Assert.Empty(outside.EnumerateFiles("*evil*"));
        Assert.False(File.Exists("/vocseg-evil.txt"));
    }

    private static VocTar Behind(byte[] header)
    {
        var tar = VocTar.Standard();
        return tar.WithBytes([.. tar.Bytes.AsSpan(0, tar.Bytes.Length - 1024), .. header, .. new byte[1024]]);
    }

    private static byte[] Header(char type, long size)
    {
        var header = new byte[512];
        "VOCdevkit/VOC2012/JPEGImages/2009_000001.jpg"u8.CopyTo(header);
        "0000644\0"u8.CopyTo(header.AsSpan(100));
        if (size < 1L << 33)
        {
            Encoding.ASCII.GetBytes(Convert.ToString(size, 8).PadLeft(11, '0') + " ").CopyTo(header, 124);
        }
        else
        {
            header[124] = 0x80;
            BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(128), size);
        }
        header[156] = (byte)type;
        "ustar\000"u8.CopyTo(header.AsSpan(257));
        return Sealed(header);
    }

    private static byte[] Sealed(byte[] header)
    {
        header.AsSpan(148, 8).Fill((byte)' ');
        var checksum = Convert.ToString(header.Sum(value => value), 8).PadLeft(6, '0');
        Encoding.ASCII.GetBytes(checksum + "\0 ").CopyTo(header, 148);
        return header;
    }
}
