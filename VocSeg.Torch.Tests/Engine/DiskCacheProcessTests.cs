using System.Diagnostics;

namespace VocSeg.Torch.Tests.Engine;

/// <summary>Several processes over one disk cache, and processes that do not come to their end.</summary>
public sealed class DiskCacheProcessTests : IDisposable
{
    private const int Samples = 40;
    private readonly VocTree tree = new();
    private readonly TempFolder folder = new();
    private readonly List<string> said = [];

    public DiskCacheProcessTests()
    {
        for (var i = 0; i < Samples; i++)
            tree.Add($"s{i:00}", 240 + i, 320 - i);
    }

    public void Dispose()
    {
        tree.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void A_process_that_is_killed_at_any_moment_leaves_no_half_file_that_is_taken_for_whole()
    {
        const int Kills = 24;
        var random = new Random(1);
        var (whole, partly) = (0, 0);
        for (var kill = 0; kill < Kills; kill++)
        {
            using var process = Start();
            // The runtime's start takes most of the time; from here on files change.
            while (!process.HasExited && !Directory.EnumerateFiles(folder.Path).Any())
                Thread.Sleep(1);
            Thread.Sleep(random.Next(160));
            process.Kill();
            process.WaitForExit();
            var left = Directory.GetFiles(folder.Path);
            if (left.SingleOrDefault(path => path.EndsWith(".samples", StringComparison.Ordinal)) is { } file)
            {
                whole++;
                Assert.Empty(Said(() => LoadAll(SampleCache.Disk(folder.Path))));
                File.Delete(file);
            }
            else if (left.Any(path => path.EndsWith(".partial", StringComparison.Ordinal)))
            {
                partly++;
            }
        }
        Assert.True(partly >= 5, $"{partly} of {Kills} were killed while they wrote, {whole} afterwards");
        // The last one cleans up behind all of them.
        using var last = Start();
        var (exitCode, output, error) = ChildProcess.Finish(last);
        Assert.True(exitCode == 0, output + error);
        Assert.EndsWith(".samples", Assert.Single(Directory.GetFiles(folder.Path)), StringComparison.Ordinal);
        Assert.Empty(Said(() => LoadAll(SampleCache.Disk(folder.Path))));
    }

    [Fact]
    public void Of_processes_that_begin_at_once_one_decodes_and_all_get_the_same_batches()
    {
        Process[] processes = [Start(), Start(), Start()];
        var ends = processes.Select(process => ChildProcess.Finish(process)).ToArray();
        Assert.All(ends, end => Assert.True(end.ExitCode == 0, end.Output + end.Error));
        Assert.Single(ends, end => end.Output.Contains("are decoded into this file", StringComparison.Ordinal));
        Assert.Single(Directory.GetFiles(folder.Path));
        foreach (var process in processes)
            process.Dispose();
    }

    [Fact]
    public void A_process_that_may_write_no_large_file_says_so_and_leaves_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs ulimit");
        Assert.SkipUnless(Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet", "needs dotnet");
        var program = Path.Combine(AppContext.BaseDirectory, "LoadBatches.dll");
        string[] command =
            ["-c", "ulimit -f 4000; exec \"$@\"", "bash", Environment.ProcessPath!, program, .. Options()];
        // The runtime maps its code from a file of gigabytes otherwise.
        var (exitCode, output, error) = ChildProcess.Run("bash", command, ("DOTNET_EnableWriteXorExecute", "0"));
        Assert.True(exitCode == 1, $"{exitCode} {output} {error}");
        Assert.Contains("cache of decoded samples cannot be read or written", error, StringComparison.Ordinal);
        Assert.Contains(folder.Path, error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_disk_that_is_too_small_is_an_error_with_the_bytes_of_both()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs mount");
        var (mounted, _, _) = ChildProcess.Run("mount", ["-t", "tmpfs", "-o", "size=6m", "vocseg", folder.Path]);
        Assert.SkipUnless(mounted == 0, "may not mount");
        try
        {
            using var process = Start();
            var (exitCode, output, error) = ChildProcess.Finish(process);
            Assert.True(exitCode == 1, output + error);
            Assert.Contains($"and {6 << 20} bytes are free in {folder.Path}", error, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(folder.Path));
        }
        finally
        {
            ChildProcess.Run("umount", [folder.Path]);
        }
    }

    [Fact]
    public void A_file_on_a_read_only_file_system_is_read_and_a_missing_one_is_an_error()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs mount");
        var (mounted, _, _) = ChildProcess.Run("mount", ["-t", "tmpfs", "-o", "size=60m", "vocseg", folder.Path]);
        Assert.SkipUnless(mounted == 0, "may not mount");
        try
        {
            var expected = LoadAll(SampleCache.None);
            Assert.Single(Said(() => Assert.Equal(expected, LoadAll(SampleCache.Disk(folder.Path)))));
            Assert.Equal(0, ChildProcess.Run("mount", ["-o", "remount,ro", folder.Path]).ExitCode);
            Assert.Empty(Said(() => Assert.Equal(expected, LoadAll(SampleCache.Disk(folder.Path)))));
            tree.Add("more", 240, 320);
            var error = Assert.Throws<DatasetException>(() => LoadAll(SampleCache.Disk(folder.Path)));
            Assert.Contains("Read-only file system", error.Message, StringComparison.Ordinal);
            Assert.Contains(folder.Path, error.Message, StringComparison.Ordinal);
        }
        finally
        {
            ChildProcess.Run("umount", [folder.Path]);
        }
    }

    private List<string> Said(Action action)
    {
        said.Clear();
        action();
        return said;
    }

    private long LoadAll(SampleCache cache)
    {
        using var dataset = new VocSegDataset(
            tree.Open(), new() { Transforms = [new RandomCrop(new(200, 240))], Seed = 1 });
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 4, Cache = cache, Inform = said.Add });
        return loader.Sum(batch => batch.Image.Values<float>().Sum(value => (long)(value * 1e6)));
    }

    private string[] Options() =>
    [
        "--root", tree.Root, "--cache", "disk=" + folder.Path, "--crop", "200x240", "--batch-size", "4",
        "--epochs", "1",
    ];

    private Process Start() => ChildProcess.StartExample("LoadBatches", Options());
}
