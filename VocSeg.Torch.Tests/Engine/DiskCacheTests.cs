using TorchSharp;

namespace VocSeg.Torch.Tests.Engine;

/// <summary>Decoded samples in a file: the same batches, decoded once, and never a wrong pixel.</summary>
[Collection(LiveTensors.Name)]
public sealed class DiskCacheTests : IDisposable
{
    private const int Samples = 7;
    private readonly VocTree tree = new();
    private readonly TempFolder folder = new();
    private readonly List<string> said = [];

    public DiskCacheTests()
    {
        for (var i = 0; i < Samples; i++)
            tree.Add($"s{i}", 24 + 3 * i, 50 - 2 * i);
    }

    private string[] Files => [.. Directory.EnumerateFiles(folder.Path).Select(path => Path.GetFileName(path)!)];

    private string OnlyFile => folder[Assert.Single(Files)];

    public void Dispose()
    {
        tree.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Batches_equal_those_without_a_cache_bit_for_bit_in_every_epoch_and_run()
    {
        var expected = Run(SampleCache.None);
        Assert.Equal(expected, Run(SampleCache.Host));
        for (var run = 0; run < 3; run++)
            Assert.Equal(expected, Run());
        Assert.Contains("7 samples are decoded into this file", Assert.Single(said), StringComparison.Ordinal);
        Assert.StartsWith("train-", Assert.Single(Files), StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_run_decodes_nothing()
    {
        var expected = Run();
        for (var i = 0; i < Samples; i++)
        {
            // The headers, lengths and times stay as they were.
            SpoilBehindTheHeader(tree.ImagePath($"s{i}"), from: 700);
            SpoilBehindTheHeader(tree.LabelPath($"s{i}"), from: 33);
        }
        Assert.Throws<DatasetException>(() => Run(SampleCache.None));
        Assert.Equal(expected, Run());
    }

    [Fact]
    public void Tiles_and_repeats_share_the_pixels_of_their_image()
    {
        tree.WriteList("twice", ["s5", "s5", "s6"]);
        var catalog = SampleCatalog.FromVoc(tree.Root, "twice", new() { Repeats = true });
        Run(catalog: catalog);
        Assert.Contains("2 samples", said[^1], StringComparison.Ordinal);
        var bytes = new FileInfo(OnlyFile).Length;
        Assert.InRange(bytes, 4 * (39 * 40 + 42 * 38), 4 * (39 * 40 + 42 * 38) + 8192);
        Run(catalog: SampleCatalog.FromVoc(tree.Root, "twice", new() { Repeats = true }).Tiles(new(24, 32)));
        Assert.Single(said);
    }

    [Theory]
    [InlineData("image", "1 of 7 samples changed since it was written, 's2' first")]
    [InlineData("label", "1 of 7 samples changed since it was written, 's2' first")]
    [InlineData("time", "7 of 7 samples changed since it was written, 's0' first")]
    [InlineData("target of a link", "1 of 7 samples changed since it was written, 's3' first")]
    public void Files_that_changed_are_decoded_anew_in_the_place_of_the_old_file(string what, string reason)
    {
        if (what == "target of a link")
        {
            File.Move(tree.ImagePath("s3"), folder["target.jpg"]);
            File.CreateSymbolicLink(tree.ImagePath("s3"), folder["target.jpg"]);
        }
        using var cache = new TempFolder();
        Run(SampleCache.Disk(cache.Path));
        var file = Assert.Single(Directory.GetFiles(cache.Path));
        if (what == "image")
            VocTree.WriteImage(tree.ImagePath("s2"), 30, 46, (row, column) => new((byte)(9 * row), 0, (byte)column));
        else if (what == "label")
            VocTree.WriteLabel(tree.LabelPath("s2"), 30, 46, (_, _) => new(128, 0, 0));
        else if (what == "time")
            Enumerable.Range(0, Samples).ToList().ForEach(i => Touch(tree.LabelPath($"s{i}")));
        else
            Touch(folder["target.jpg"]);
        Assert.Equal(Run(SampleCache.None), Run(SampleCache.Disk(cache.Path)));
        Assert.Contains(reason, said[^1], StringComparison.Ordinal);
        Assert.Equal(2, said.Count);
        Assert.Equal(file, Assert.Single(Directory.GetFiles(cache.Path)));

        static void Touch(string path) =>
            File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddMilliseconds(1));
    }

    [Fact]
    public void Another_meaning_of_labels_decoder_list_or_orientation_has_a_file_of_its_own()
    {
        File.WriteAllBytes(
            tree.ImagePath("s0"),
            Exif.InJpeg(File.ReadAllBytes(tree.ImagePath("s0")), Exif.Orientation(3, little: true)));
        var voc = SegmentationPalette.Voc;
        (VocSegDatasetOptions Options, SampleCatalogOptions Files, string Reason)[] others =
        [
            (new(), new(), "there is none yet"),
            (new() { Palette = voc with { UnknownColor = UnknownColor.Ignore } }, new(), "another meaning of labels"),
            (new() { Palette = voc with { IgnoreIndex = 254 } }, new(), "another meaning of labels"),
            (new() { Palette = voc with { IgnoreColors = [.. voc.IgnoreColors, new(1, 2, 3)] } }, new(), "labels"),
            (new() { Palette = voc with { LabelEncoding = LabelEncoding.Colors } }, new(), "meaning of labels"),
            (new() { Palette = voc with { FurtherColors = [(new(5, 5, 5), 3)] } }, new(), "meaning of labels"),
            (new() { Palette = voc with { IndexMap = IndexMap.FromPairs((3, 2)) } }, new(), "meaning of labels"),
            (new(), new() { ApplyExifOrientation = true }, "another set of samples"),
            .. TurboJpegDecoder.Version == 0 ? [] : ((VocSegDatasetOptions, SampleCatalogOptions, string)[])
                [(new() { Decoder = ImageDecoderKind.Skia }, new(), "another decoder")],
        ];
        foreach (var (options, files, reason) in others)
        {
            var catalog = SampleCatalog.FromVoc(tree.Root, "train", files);
            Assert.Equal(Run(SampleCache.None, options, catalog), Run(null, options, catalog));
            Assert.Contains(reason, said[^1], StringComparison.Ordinal);
            // All of them stay good.
            Run(null, options, catalog);
        }
        Assert.Equal((others.Length, others.Length), (Files.Length, said.Count));

        tree.WriteList("other", ["s3", "s4"]);
        Run(catalog: tree.Open("other"));
        Assert.Equal((others.Length + 1, others.Length + 1), (Files.Length, said.Count));
        // What changes no pixel does not count.
        string[] names = [.. voc.ClassNames.Select(name => "my " + name)];
        Run(null, new()
        {
            Palette = new(voc.Colors, names) { IgnoreColors = voc.IgnoreColors },
            Channels = ImageChannels.Gray,
            Transforms = [new RandomCrop(new(20, 20))],
        });
        Assert.Equal(others.Length + 1, said.Count);
    }

    [Theory]
    [InlineData(0, "damaged")]
    [InlineData(8, "has format 254")]
    [InlineData(40, "damaged")]
    [InlineData(120, "damaged")]
    [InlineData(-1, "damaged")]
    [InlineData(int.MinValue, "cut short")]
    public void A_file_that_is_not_whole_is_written_anew(int place, string reason)
    {
        var expected = Run();
        var bytes = File.ReadAllBytes(OnlyFile);
        if (place == int.MinValue)
            bytes = bytes[..^100];
        else
            bytes[place < 0 ? bytes.Length + place : place] ^= 0xFF;
        File.WriteAllBytes(OnlyFile, bytes);
        Assert.Equal(expected, Run());
        Assert.Contains(reason, said[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_pixel_is_an_error_that_names_the_file_and_the_remedy()
    {
        var expected = Run();
        var bytes = File.ReadAllBytes(OnlyFile);
        // Behind the page of the head: the first row of the first sample.
        bytes[4096 + 50] ^= 1;
        File.WriteAllBytes(OnlyFile, bytes);
        var error = Assert.Throws<DatasetException>(() => Run());
        Assert.Equal((DatasetFault.Cache, OnlyFile, "s0"), (error.Fault, error.Path, error.SampleId));
        Assert.Contains("Delete this file", error.Message, StringComparison.Ordinal);
        File.Delete(OnlyFile);
        Assert.Equal(expected, Run());
    }

    [Fact]
    public void A_sample_that_cannot_be_decoded_gives_the_same_error_in_every_run()
    {
        VocTree.WriteLabel(tree.LabelPath("s4"), 36, 42, (_, _) => new(1, 2, 3));
        var expected = Assert.Throws<DatasetException>(() => Run(SampleCache.Host));
        for (var run = 0; run < 2; run++)
        {
            var error = Assert.Throws<DatasetException>(() => Run());
            Assert.Equal(
                (expected.Message, expected.Path, expected.Fault, "s4"),
                (error.Message, error.Path, error.Fault, error.SampleId));
            SpoilBehindTheHeader(tree.LabelPath("s4"), from: 33);
        }
        Assert.Single(said);
    }

    [Fact]
    public void A_file_that_is_missing_is_no_part_of_the_cache()
    {
        var catalog = tree.Open();
        File.Move(tree.ImagePath("s1"), folder["away"]);
        Assert.Equal(DatasetFault.NotFound, Assert.Throws<DatasetException>(() => Run(catalog: catalog)).Fault);
        Assert.Contains("1 of 7 samples could not be read", said[^1], StringComparison.Ordinal);
        File.Move(folder["away"], tree.ImagePath("s1"));
        Assert.Equal(Run(SampleCache.None), Run());
    }

    [Fact]
    public void The_warning_about_foreground_is_right_in_later_runs_too()
    {
        for (var run = 0; run < 2; run++)
            Run();
        Assert.DoesNotContain(said, line => line.Contains("foreground", StringComparison.Ordinal));
        for (var i = 0; i < Samples; i++)
            VocTree.WriteLabel(tree.LabelPath($"s{i}"), 24 + 3 * i, 50 - 2 * i, (_, _) => new(0, 0, 0));
        said.Clear();
        for (var run = 0; run < 2; run++)
            Run();
        Assert.Equal(2, said.Count(line => line.Contains("no foreground pixel", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Cancelling_while_it_is_written_leaves_nothing_behind(bool isDisposed)
    {
        using var dataset = Dataset();
        using var cancellation = new CancellationTokenSource();
        VocSegDataLoader? loader = null;
        Task? disposing = null;
        loader = new(dataset, Loading(SampleCache.Disk(folder.Path)) with
        {
            Workers = 2,
            CacheProgress = new Listener<SampleCacheProgress>(progress =>
            {
                Assert.Equal((false, Samples), (progress.IsWaiting, progress.Total));
                if (progress.Done != 2)
                    return;
                if (isDisposed)
                    disposing = Task.Run(loader!.Dispose);
                else
                    cancellation.Cancel();
                Thread.Sleep(50);
            }),
        });
        if (isDisposed)
            Assert.Throws<ObjectDisposedException>(() => loader.WithCancellation(cancellation.Token).Count());
        else
            Assert.ThrowsAny<OperationCanceledException>(() => loader.WithCancellation(cancellation.Token).Count());
        disposing?.Wait();
        Assert.Empty(Files);
        if (!isDisposed)
            Assert.Equal(4, loader.Count());
        loader.Dispose();
    }

    [Fact]
    public void Two_loops_over_a_loader_and_two_loaders_write_it_once()
    {
        using var dataset = Dataset();
        using var one = new VocSegDataLoader(dataset, Loading(SampleCache.Disk(folder.Path)));
        using var other = new VocSegDataLoader(dataset, Loading(SampleCache.Disk(folder.Path)));
        Parallel.Invoke(() => one.Count(), () => one.Count(), () => other.Count(), () => other.Count());
        Assert.Single(said);
        Assert.Single(Files);
    }

    [Fact]
    public void Who_finds_it_being_written_waits_and_says_how_far_it_is()
    {
        Run();
        var file = OnlyFile;
        var whole = File.ReadAllBytes(file);
        File.Delete(file);
        File.WriteAllBytes($"{file}.0.partial", whole[..(whole.Length / 2)]);
        var heard = new List<SampleCacheProgress>();
        using var dataset = Dataset();
        using var cancellation = new CancellationTokenSource();
        var isOther = true;
        using var loader = new VocSegDataLoader(dataset, Loading(SampleCache.Disk(folder.Path)) with
        {
            CacheProgress = new Listener<SampleCacheProgress>(progress =>
            {
                lock (heard)
                    heard.Add(progress);
                if (isOther && heard.Count == 2)
                    cancellation.Cancel();
            }),
        });
        using (FileLock.TryTake(file + ".lock"))
        {
            Assert.ThrowsAny<OperationCanceledException>(() => loader.WithCancellation(cancellation.Token).Count());
            Assert.All(heard, progress => Assert.Equal((true, Samples), (progress.IsWaiting, progress.Total)));
            Assert.InRange(heard[0].Done, 1, Samples - 1);
        }
        isOther = false;
        Assert.Equal(4, loader.Count());
        Assert.Equal([file], Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData(20_000, long.MaxValue, "20000 bytes are free in ")]
    [InlineData(null, 30_000, "No space left")]
    [InlineData(null, 0, "No space left")]
    [InlineData(null, 44_000, "No space left")]
    public void A_full_disk_is_an_error_that_names_folder_and_bytes_and_leaves_nothing(
        int? free, long room, string expected)
    {
        var full = SampleCache.Disk(folder["sub"]) with { Access = new SmallDisk(room) { Free = free } };
        var error = Assert.Throws<DatasetException>(() => Run(full));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        var needed = new DiskCacheLayout(tree.Open().Samples).ErrorsAt + (1 << 20);
        Assert.Contains($"takes {needed} bytes", error.Message, StringComparison.Ordinal);
        Assert.Contains(folder["sub"], error.Message, StringComparison.Ordinal);
        Assert.Equal(DatasetFault.Cache, error.Fault);
        Assert.Empty(Directory.GetFiles(folder["sub"]));
        Assert.Equal(Run(SampleCache.None), Run(SampleCache.Disk(folder["sub"])));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        File.WriteAllText(folder["file"], "");
        var error = Assert.Throws<DatasetException>(() => Run(SampleCache.Disk(folder["file", "cache"])));
        Assert.Contains(folder["file", "cache"], error.Message, StringComparison.Ordinal);
        Assert.Contains("take another folder", error.Message, StringComparison.Ordinal);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs permissions as on Unix");
        using var dataset = Dataset();
        using var loader = new VocSegDataLoader(dataset, Loading(SampleCache.Disk(folder["closed"])));
        Directory.CreateDirectory(folder["closed"]);
        OrdinaryUser.Open(folder.Path);
        OrdinaryUser.RunWithout(folder["closed"], () =>
        {
            var denied = Assert.Throws<DatasetException>(() => loader.Count());
            Assert.Contains(folder["closed"], denied.Message, StringComparison.Ordinal);
            Assert.Contains("see to the permissions", denied.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public unsafe void A_file_of_more_than_2_GiB_is_read_to_its_end()
    {
        SegmentationSample[] samples =
        [
            new("large", "large.jpg", null, new(20_000, 25_000)),
            new("large too", "large too.jpg", null, new(20_000, 25_000)),
            new("small", "small.jpg", null, new(5, 7)),
        ];
        var layout = new DiskCacheLayout(samples);
        Assert.True(layout.Offsets[2] >= 4_000_000_000);
        Assert.All(layout.Offsets, offset => Assert.Equal(0, offset % 64));
        var key = new DiskCacheKey("huge", samples, new());
        var entries = new DiskCacheFormat.Entry[3];
        for (var i = 0; i < 3; i++)
            entries[i].Offset = layout.Offsets[i];
        var (front, back) = DiskCacheFormat.Describe(
            key, entries, true, layout, new Dictionary<int, DatasetException>());
        byte[] pixels = [.. Enumerable.Range(1, 5 * 7 * 4).Select(value => (byte)value)];
        using (var file = File.OpenHandle(folder[key.FileName], FileMode.CreateNew, FileAccess.Write))
        {
            // The rest is a hole that takes no space.
            RandomAccess.Write(file, front, 0);
            RandomAccess.Write(file, pixels, layout.Offsets[2]);
            RandomAccess.Write(file, back, layout.ErrorsAt);
        }
        using var opened = DiskCacheFile.Open(
            folder[key.FileName], key, samples, new (FileStamp, FileStamp)[3], out var reason);
        Assert.True(opened is not null, reason);
        Assert.Equal(pixels, new ReadOnlySpan<byte>(opened.PixelsOf(2), pixels.Length).ToArray());
    }

    [Fact]
    public void Command_lines_and_equality_know_every_cache()
    {
        foreach (var text in new[] { "none", "host", "device" })
            Assert.Equal(text, SampleCache.TryParse(text, out var named) ? named.ToString() : null);
        Assert.True(SampleCache.TryParse("disk=a", out var disk));
        Assert.Equal(SampleCache.Disk("a"), disk);
        Assert.Equal($"disk={Path.GetFullPath("a")}", disk.ToString());
        Assert.True(SampleCache.TryParse("device=a=b", out var device));
        Assert.Equal(SampleCache.DeviceFromDisk("a=b"), device);
        Assert.NotEqual(SampleCache.Disk("a"), SampleCache.DeviceFromDisk("a"));
        Assert.NotEqual(SampleCache.Disk("a"), SampleCache.Disk("b"));
        Assert.All(
            new[] { null, "", "disk", "disk=", "device=", "Host", "none=a" },
            text => Assert.False(SampleCache.TryParse(text, out _)));
        Assert.Throws<ArgumentException>(() => SampleCache.Disk(""));
    }

    /// <summary>All values of two epochs.</summary>
    private List<float> Run(
        SampleCache? cache = null, VocSegDatasetOptions? options = null, SampleCatalog? catalog = null)
    {
        using var dataset = Dataset(options, catalog);
        using var loader = new VocSegDataLoader(dataset, Loading(cache ?? SampleCache.Disk(folder.Path)));
        var values = new List<float>();
        for (var epoch = 0; epoch < 2; epoch++)
        {
            foreach (var batch in loader)
            {
                using var label = batch.Label.to(torch.float32);
                values.AddRange([.. batch.Image.Values<float>(), .. label.Values<float>()]);
            }
        }
        return values;
    }

    private VocSegDataset Dataset(VocSegDatasetOptions? options = null, SampleCatalog? catalog = null)
    {
        options ??= new();
        var isDefault = options.Transforms is [RandomCrop { Size.Height: 320 }];
        return new(catalog ?? tree.Open(), options with
        {
            Seed = 3,
            Transforms = isDefault ? [new RandomCrop(new(24, 32))] : options.Transforms,
        });
    }

    private VocSegDataLoaderOptions Loading(SampleCache cache) => new()
    {
        BatchSize = 2,
        Shuffle = true,
        Cache = cache,
        Inform = Say,
        Warn = Say,
    };

    private void Say(string line)
    {
        lock (said)
            said.Add(line);
    }

    private static void SpoilBehindTheHeader(string path, int from)
    {
        var time = File.GetLastWriteTimeUtc(path);
        var bytes = File.ReadAllBytes(path);
        bytes.AsSpan(Math.Min(from, bytes.Length - 1)).Fill(0x55);
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, time);
    }

    /// <summary>A disk with little room.</summary>
    private sealed class SmallDisk(long room) : CacheDisk
    {
        internal int? Free { get; init; }

        internal override long? FreeBytes(string folder) => Free ?? base.FreeBytes(folder);

        internal override void Write(
            Microsoft.Win32.SafeHandles.SafeFileHandle file, ReadOnlySpan<byte> bytes, long at)
        {
            if (at + bytes.Length > room)
                throw new IOException("No space left on device");
            base.Write(file, bytes, at);
        }
    }
}
