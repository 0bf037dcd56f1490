using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace VocSeg.Torch.Tests.Download;

public sealed class UnreachableNetworkTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Sources_that_refuse_the_connection_are_each_asked_once()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        Uri[] sources = [.. "abcd".Select(name => new Uri($"http://127.0.0.1:1/{name}.tar"))];
        var (error, retries) = await FailInTimeAsync(bench, new() { Sources = [.. sources] });
        Assert.All(sources, source => Assert.Contains(source.AbsoluteUri, error.Message, StringComparison.Ordinal));
        AssertSaysWhatToDo(error.Message);
        Assert.Equal(3, retries.Count);
        Assert.All(retries, note => Assert.EndsWith("on to the next source", note, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_one_line_that_says_what_to_do()
    {
        using var folder = new TempFolder();
        var watch = Stopwatch.StartNew();
        using var process = ChildProcess.StartExample(
            "Download",
            ["--root", folder.Path, "--url", "http://voc.invalid/VOC.tar", "--url", "http://voc2.invalid/VOC.tar"],
            [.. new[] { "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY" }.Select(name => (name, (string?)null))]);
        var (exitCode, _, error) = await Task.Run(() => ChildProcess.Finish(process));
        Assert.True(watch.Elapsed < Limit, $"{watch.Elapsed}");
        Assert.Equal(1, exitCode);
        var line = Assert.Single(ChildProcess.Lines(error));
        Assert.Contains("voc.invalid:80", line, StringComparison.Ordinal);
        Assert.Contains("voc2.invalid:80", line, StringComparison.Ordinal);
        AssertSaysWhatToDo(line);
    }

    [Fact]
    public async Task A_connection_that_is_never_made_times_out_and_is_not_retried()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var waiting = await FillQueueAsync(listener.LocalEndPoint!);
        try
        {
            await using var bench = await ArchiveBench.CreateAsync();
            var url = new Uri($"http://{listener.LocalEndPoint}/VOC.tar");
            var (error, retries) = await FailInTimeAsync(
                bench, new() { Sources = [url, url], StallTimeout = TimeSpan.FromSeconds(2) });
            Assert.Contains("no connection within 1 s", error.Message, StringComparison.Ordinal);
            AssertSaysWhatToDo(error.Message);
            Assert.Single(retries);
        }
        finally
        {
            waiting.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task A_listener_that_accepts_and_says_nothing_is_a_stall_and_is_retried()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var (error, retries) = await FailInTimeAsync(bench, bench.Options with
        {
            Sources = [new($"http://{silent.LocalEndpoint}/VOC.tar")],
            StallTimeout = TimeSpan.FromSeconds(0.5),
            Retries = 2,
        });
        Assert.Contains("no byte came for 0.5 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, retries.Count);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(100_000, 4)]
    public async Task A_lost_network_is_waited_for_only_after_bytes_have_come(int sent, int expectedRequests)
    {
        Exception[] errors =
        [
            new HttpRequestException(HttpRequestError.NameResolutionError, "no such name"),
            new HttpRequestException(HttpRequestError.ConnectionError, "refused"),
            new TaskCanceledException("the client's ConnectTimeout", new TimeoutException()),
        ];
        foreach (var error in errors)
        {
            await using var bench = await ArchiveBench.CreateAsync();
            using var lost = new LosesNetwork(bench.Tar.Bytes, sent, error);
            using var http = new HttpClient(lost);
            await bench.FailAsync(bench.Options with { Http = http, Retries = 3 });
            Assert.Equal(expectedRequests, lost.Requests);
            await bench.DownloadAsync();
            bench.AssertWhole();
        }
    }

    private static async Task<(DatasetException Error, List<string> Retries)> FailInTimeAsync(
        ArchiveBench bench, VocArchiveOptions options)
    {
        var said = new Listener();
        var watch = Stopwatch.StartNew();
        var error = await Assert.ThrowsAsync<DatasetException>(() => bench.DownloadAsync(options, said));
        Assert.True(watch.Elapsed < Limit, $"{watch.Elapsed}");
        bench.AssertNothingLooksFinished();
        var retries = said.Reports.Where(report => report.Stage == VocArchiveStage.Retrying);
        return (error, [.. retries.Select(report => report.Note!)]);
    }

    private static void AssertSaysWhatToDo(string message)
    {
        string[] remedies = ["network", "http_proxy, https_proxy", "another URL", "local tar file", "TarFile"];
        Assert.All(remedies, remedy => Assert.Contains(remedy, message, StringComparison.Ordinal));
    }

    /// <summary>Connects until the listener's queue is full; the system then answers no further connection.</summary>
    private static async Task<List<Socket>> FillQueueAsync(EndPoint listener)
    {
        var waiting = new List<Socket>();
        while (waiting.Count < 16)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            waiting.Add(socket);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(0.5));
            try
            {
                await socket.ConnectAsync(listener, patience.Token);
            }
            catch (OperationCanceledException)
            {
                return waiting;
            }
            catch (SocketException)
            {
                break;
            }
        }
        waiting.ForEach(socket => socket.Dispose());
        Assert.Skip("this system answers connections beyond a listener's queue");
        return waiting;
    }

    /// <summary>A network that is lost, perhaps after some bytes of the first answer.</summary>
    private sealed class LosesNetwork(byte[] file, int sent, Exception error) : HttpMessageHandler
    {
        internal int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Requests++ > 0 || sent == 0)
                return Task.FromException<HttpResponseMessage>(error);
            var answer = new HttpResponseMessage { Content = new StreamContent(new MemoryStream(file, 0, sent)) };
            answer.Content.Headers.ContentLength = file.Length;
            answer.Headers.ETag = new EntityTagHeaderValue("\"one\"");
            return Task.FromResult(answer);
        }
    }
}
