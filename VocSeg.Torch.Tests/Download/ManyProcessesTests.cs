using System.Diagnostics;
using System.Text.RegularExpressions;

namespace VocSeg.Torch.Tests.Download;

/// <summary>The Download example as a process of its own: beside another one, killed, behind a proxy.</summary>
public sealed partial class ManyProcessesTests
{
    [Fact]
    public async Task A_second_process_waits_and_finds_the_work_done()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        bench.Server.FirstAnswer(bench.Server.Throttle(50_000, TimeSpan.FromMilliseconds(300)));
        using var first = Start(bench);
        using var second = Start(bench);
        var outputs = await Task.WhenAll(EndAsync(first), EndAsync(second));
        Assert.All(outputs, output => Assert.Equal((0, $"whole: {bench.Root}"), (output.ExitCode, output.Lines[^1])));
        Assert.Single(outputs, output => output.Lines.Any(Waits));
        Assert.Single(bench.Server.Requests);
        bench.AssertWhole();
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public async Task Killed_in_the_download_it_goes_on_at_the_next_start(double point)
    {
        await using var bench = await ArchiveBench.CreateAsync();
        var after = (int)(bench.Tar.Bytes.Length * point);
        bench.Server.FirstAnswer(bench.Server.Stall(after));
        using (var process = Start(bench))
        {
            var deadline = DateTime.UtcNow.AddSeconds(30);
            while (DateTime.UtcNow < deadline && bench.PartialLength < after)
                await Task.Delay(20);
            process.Kill();
            await process.WaitForExitAsync();
        }
        bench.AssertNothingLooksFinished();
        await bench.DownloadAsync();
        bench.AssertWhole();
        Assert.Equal($"bytes={after}-", bench.Server.Requests.Last().Range);
    }

    [Fact]
    public async Task Killed_while_unpacking_at_any_moment_it_is_completed_at_the_next_start()
    {
        var tar = new VocTar();
        foreach (var (path, content) in VocTar.Standard(imageBytes: 1000).All)
            tar.Add(path, content);
        for (var more = 0; more < 4000; more++)
            tar.Add($"SegmentationObject/more{more}.png", [1, 2, 3]);
        await using var bench = await ArchiveBench.CreateAsync(tar.Build());
        var options = bench.Options with { Content = VocArchiveContent.Everything };
        var staging = Path.Combine(bench.Folder, ".vocseg", "unpacking");
        foreach (var milliseconds in new[] { 0, 40, 120 })
        {
            using var process = Start(bench, "--everything");
            while (!process.HasExited && !Directory.Exists(staging) && !Directory.Exists(bench.Root))
                await Task.Delay(1);
            await Task.Delay(milliseconds);
            process.Kill();
            await process.WaitForExitAsync();
            // The folder is there with all its files, or it is not there.
            Assert.Equal(Directory.Exists(bench.Root), VocArchive.FindWhole(bench.Folder, options) is not null);
        }
        await bench.DownloadAsync(options);
        bench.AssertWhole(options);
        Assert.Single(bench.Server.Requests);
    }

    [Fact]
    public async Task A_proxy_of_the_environment_is_used_and_progress_is_plain_lines()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        using var process = Start(
            ["--root", bench.Folder, "--url", "http://voc.invalid/VOC.tar", "--sha1", bench.Tar.Sha1],
            ("http_proxy", bench.Server.Url.GetLeftPart(UriPartial.Authority)));
        var (exitCode, lines, error) = await EndAsync(process);
        Assert.Equal(("", 0), (error, exitCode));
        bench.AssertWhole();
        Assert.Contains(lines, line => Rate().IsMatch(line));
        Assert.DoesNotContain(lines, line => line.AsSpan().ContainsAny('\r', '\u001b'));
    }

    [Fact]
    public async Task Ctrl_C_stops_it_and_says_that_the_next_call_goes_on()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs kill -INT");
        Assert.SkipWhen(InterruptIsIgnored(), "SIGINT is ignored here, as after nohup; a child process inherits that");
        await using var bench = await ArchiveBench.CreateAsync();
        bench.Server.FirstAnswer(bench.Server.Stall(100_000));
        using var process = Start(bench);
        while (bench.Server.Requests.IsEmpty)
            await Task.Delay(20);
        await Task.Delay(200);
        using (var kill = Process.Start("kill", ["-INT", process.Id.ToString()]))
            await kill.WaitForExitAsync();
        var (exitCode, _, error) = await EndAsync(process);
        Assert.Equal(130, exitCode);
        Assert.Contains("the next call goes on", error, StringComparison.Ordinal);
        await bench.DownloadAsync();
        bench.AssertWhole();
    }

    [Fact]
    public async Task Verify_decodes_what_was_unpacked()
    {
        using var tree = new VocTree().Add("a", 40, 60).Add("b", 40, 60).WriteList("val", ["a"]);
        await File.WriteAllBytesAsync(tree.LabelPath("b"), (await File.ReadAllBytesAsync(tree.LabelPath("b")))[..100]);
        var tar = new VocTar();
        foreach (var path in Directory.EnumerateFiles(tree.Root, "*", SearchOption.AllDirectories))
            tar.Add(Path.GetRelativePath(tree.Root, path).Replace('\\', '/'), await File.ReadAllBytesAsync(path));
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder["voc.tar"], tar.Build().Bytes);
        using var process = Start(["--root", folder.Path, "--tar", folder["voc.tar"], "--sha1", tar.Sha1, "--verify"]);
        var (exitCode, lines, error) = await EndAsync(process);
        Assert.Equal(("", 1), (error, exitCode));
        Assert.Equal(["train: 2 samples decoded, 1 faults", "val: 1 samples decoded, 0 faults"], lines[^2..]);
        var label = folder["VOCdevkit", "VOC2012", "SegmentationClass", "b.png"];
        Assert.StartsWith(label, lines[^3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_decodes_a_folder_that_was_unpacked_by_hand_and_downloads_nothing()
    {
        using var tree = new VocTree().Add("a", 40, 60).Add("b", 40, 60).WriteList("val", ["a"]);
        using var process = Start(["--root", tree.Parent, "--url", "http://127.0.0.1:1/VOC.tar", "--verify"]);
        var (exitCode, lines, error) = await EndAsync(process);
        Assert.Equal(("", 0), (error, exitCode));
        Assert.Equal(["train: 2 samples decoded, 0 faults", "val: 1 samples decoded, 0 faults"], lines);
        Assert.False(Directory.Exists(Path.Combine(tree.Parent, ".vocseg")));
    }

    [Fact]
    public async Task Hints_are_no_faults_to_verifying()
    {
        using var tree = new VocTree().Add("a", 40, 60).WriteList("val", ["a"]);
        var turned = Exif.InJpeg(await File.ReadAllBytesAsync(tree.ImagePath("a")), Exif.Orientation(3, little: true));
        await File.WriteAllBytesAsync(tree.ImagePath("a"), turned);
        using var process = Start(["--root", tree.Parent, "--url", "http://127.0.0.1:1/VOC.tar", "--verify"]);
        var (exitCode, lines, error) = await EndAsync(process);
        Assert.Equal(("", 0), (error, exitCode));
        Assert.Equal("train: 1 samples decoded, 0 faults, 1 hints", lines[1]);
        Assert.Equal("val: 1 samples decoded, 0 faults, 1 hints", lines[3]);
    }

    [Theory]
    [InlineData("--url", "ftp://host/voc.tar", 2)]
    [InlineData("--sha1", "12", 2)]
    [InlineData("--stall-timeout", "0", 2)]
    [InlineData("--bogus", "1", 2)]
    [InlineData("--tar", "absent.tar", 1)]
    public async Task What_cannot_be_done_is_one_line_and_an_exit_code(string option, string value, int expected)
    {
        using var folder = new TempFolder();
        using var process = Start(["--root", folder.Path, option, value]);
        var (exitCode, _, error) = await EndAsync(process);
        Assert.Equal(expected, exitCode);
        var line = Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Contains(option == "--tar" ? value : option, line, StringComparison.Ordinal);
    }

    private static bool Waits(string line) => line.StartsWith("waiting", StringComparison.Ordinal);

    private static bool InterruptIsIgnored()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        var status = File.ReadLines("/proc/self/status");
        var mask = status.First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..];
        return (Convert.ToUInt64(mask.Trim(), 16) & 0b10) != 0;
    }

    private static Process Start(ArchiveBench bench, params string[] more) =>
        Start(["--root", bench.Folder, "--url", bench.Server.Url.AbsoluteUri, "--sha1", bench.Tar.Sha1, .. more]);

    private static Process Start(string[] arguments, params (string Name, string? Value)[] environment) =>
        ChildProcess.StartExample("Download", arguments, environment);

    // Another thread waits, so that the test's own server can answer meanwhile.
    private static Task<(int ExitCode, string[] Lines, string Error)> EndAsync(Process process) => Task.Run(() =>
    {
        var (exitCode, output, error) = ChildProcess.Finish(process, longestMilliseconds: 60_000);
        return (exitCode, ChildProcess.Lines(output), error);
    });

    [GeneratedRegex(@"^downloading \d+\.\d of \d+\.\d MB", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rate();
}
