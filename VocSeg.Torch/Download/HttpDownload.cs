using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace VocSeg.Torch;

/// <summary>Fills a partial file from the sources, one after the other, until its checksum is right.</summary>
internal sealed class HttpDownload(
    VocArchiveOptions options,
    HttpClient http,
    PartialFile file,
    ArchiveReporter reporter,
    CancellationToken cancellation)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestRound = TimeSpan.FromSeconds(16);
    private readonly byte[] buffer = new byte[256 * 1024];
    private bool received;

    internal static HttpClient CreateClient(VocArchiveOptions options)
    {
        // The sources share the time of a round. Connecting must time out before the attempt does, since a source that
        // cannot be reached is treated differently from one that is silent.
        var limit = new[] { LongestRound / options.Sources.Length, options.StallTimeout / 2 }.Min();
        var handler = new SocketsHttpHandler
        {
            // A range of a compressed answer would not be a range of the tar.
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint, limit, cancellation),
        };
        // The stall timeout ends requests that take too long.
        return new(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <exception cref="DatasetException">No source gave the right bytes.</exception>
    internal async Task RunAsync()
    {
        var failures = new List<string>();
        foreach (var source in options.Sources)
        {
            if (failures.Count > 0)
                reporter.Say(VocArchiveStage.Retrying, source.AbsoluteUri, $"{failures[^1]}; on to the next source");
            try
            {
                await FillAsync(source);
            }
            catch (SourceFailure failure)
            {
                failures.Add($"{source}: {failure.Message}");
                continue;
            }
            var checksum = file.Checksum();
            if (options.Sha1 is null || checksum == options.Sha1)
            {
                file.Finish();
                return;
            }
            file.Restart(null);
            failures.Add($"{source}: the SHA-1 is {checksum}, it must be {options.Sha1}; these bytes were thrown away");
        }
        throw new DatasetException(
            options.Sources[^1].AbsoluteUri,
            $"the tar could not be downloaded. {string.Join(". ", failures)}. "
            + "Check the network and the proxy (http_proxy, https_proxy), or try another URL. Or get the tar by other "
            + "means and give its path as the local tar file (VocArchiveOptions.TarFile). What was downloaded intact "
            + "stays, and the next call continues from there.");
    }

    // The handler's own timeout does not end a name lookup, which takes minutes on some networks.
    private static async ValueTask<Stream> ConnectAsync(EndPoint host, TimeSpan limit, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, cancellation).AsTask().WaitAsync(limit, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception error)
        {
            socket.Dispose();
            if (error is not TimeoutException)
                throw;
            var time = limit.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
            throw new TimeoutException($"no connection within {time} s", error);
        }
    }

    private async Task FillAsync(Uri source)
    {
        var furthest = file.Length;
        for (var attempt = 0; file.Origin?.Total is not { } total || file.Length != total;)
        {
            try
            {
                await AttemptAsync(source);
                return;
            }
            catch (SourceFailure failure)
            {
                // Only attempts that bring nothing new count.
                if (file.Length > furthest)
                    (furthest, attempt) = (file.Length, 0);
                if (!failure.Again || ++attempt > options.Retries)
                    throw;
                var pause = PauseBefore(attempt, failure.Wait);
                reporter.Say(VocArchiveStage.Retrying, source.AbsoluteUri, string.Create(
                    CultureInfo.InvariantCulture,
                    $"{failure.Message}; attempt {attempt + 1} in {pause.TotalSeconds:F1} s"));
                await Task.Delay(pause, cancellation);
            }
        }
    }

    private TimeSpan PauseBefore(int attempt, TimeSpan? asked)
    {
        var factor = Math.Pow(2, Math.Min(attempt - 1, 16)) * (0.75 + Random.Shared.NextDouble() / 2);
        var doubled = options.RetryDelay * factor;
        var longest = asked > doubled ? asked.Value : doubled;
        return longest < LongestPause ? longest : LongestPause;
    }

    private async Task AttemptAsync(Uri source)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stall.CancelAfter(options.StallTimeout);
        try
        {
            using var request = RequestFor(source);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token);
            if (TakeAnswer(source, response))
                await ReadBodyAsync(source, response, stall);
        }
        catch (OperationCanceledException) when (stall.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            var time = options.StallTimeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
            throw new SourceFailure($"no byte came for {time} s", again: true);
        }
        catch (Exception error) when (error is HttpRequestException or IOException || IsClientTimeout(error))
        {
            // Before the first byte the network itself is most likely at fault, and retries would only take minutes.
            var again = received || !(IsClientTimeout(error) || IsUnreachable(error));
            throw new SourceFailure(error.Message.TrimEnd('.'), again, cause: error);
        }
    }

    private static bool IsUnreachable(Exception error) => error is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError,
    };

    // A client of the caller's may have a time limit for connecting.
    private static bool IsClientTimeout(Exception error) =>
        error is OperationCanceledException { InnerException: TimeoutException };

    private HttpRequestMessage RequestFor(Uri source)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, source);
        if (file is { Length: > 0, Origin: { } origin })
        {
            // Another mirror does not know this one's ETag; there, as without an ETag, the checksum decides.
            if (origin.Source == source.AbsoluteUri && origin.Condition is { } condition)
                request.Headers.IfRange = condition;
            else if (options.Sha1 is null)
                return request;
            request.Headers.Range = new RangeHeaderValue(file.Length, null);
        }
        return request;
    }

    /// <summary>Prepares the file for the body of the answer.</summary>
    /// <returns>False where all bytes are there already.</returns>
    private bool TakeAnswer(Uri source, HttpResponseMessage response)
    {
        var said = $"HTTP {(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
        var range = response.Content.Headers.ContentRange;
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK when response.Content.Headers.ContentType?.MediaType is "text/html":
                throw new SourceFailure("the answer is a web page, not a tar", again: false);
            case HttpStatusCode.OK:
                file.Restart(PartialOrigin.Of(source, response));
                return true;
            case HttpStatusCode.PartialContent
                when file.Length > 0 && range?.From == file.Length && IsSameFile(source, response):
                return true;
            case HttpStatusCode.PartialContent:
                file.Restart(null);
                throw new SourceFailure($"{said} with other bytes than were asked for ({range})", again: true);
            case HttpStatusCode.RequestedRangeNotSatisfiable when file.Length > 0 && range?.Length == file.Length:
                return false;
            case HttpStatusCode.RequestedRangeNotSatisfiable when file.Length > 0:
                file.Restart(null);
                throw new SourceFailure($"{said}, the file changed", again: true);
            case HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests:
            case >= HttpStatusCode.InternalServerError:
                var after = response.Headers.RetryAfter;
                throw new SourceFailure(said, again: true, after?.Delta ?? after?.Date - DateTimeOffset.UtcNow);
            default:
                throw new SourceFailure(said, again: false);
        }
    }

    private bool IsSameFile(Uri source, HttpResponseMessage response)
    {
        var now = PartialOrigin.Of(source, response);
        var before = file.Origin!;
        return (now.Total is null || before.Total is null || now.Total == before.Total)
            && (now.Source != before.Source || now.ETag is null || before.ETag is null || now.ETag == before.ETag);
    }

    private async Task ReadBodyAsync(Uri source, HttpResponseMessage response, CancellationTokenSource stall)
    {
        var total = file.Origin!.Total;
        if (total is { } whole)
        {
            var toUnpack = ArchiveWork.SpaceToUnpack(whole, options.Content);
            options.Disk.RequireFree(file.Folder, whole - file.Length + toUnpack);
        }
        reporter.Begin(VocArchiveStage.Downloading, source.AbsoluteUri, file.Length, total);
        await using var body = await response.Content.ReadAsStreamAsync(stall.Token);
        int read;
        while ((read = await body.ReadAsync(buffer, stall.Token)) > 0)
        {
            received = true;
            stall.CancelAfter(options.StallTimeout);
            if (file.Length + read > total)
            {
                file.Restart(null);
                throw new SourceFailure($"more came than the {total} bytes that were announced", again: true);
            }
            file.Append(buffer.AsMemory(0, read));
            reporter.Advance(file.Length, total);
        }
        if (file.Length < total)
            throw new SourceFailure($"the connection ended after {file.Length} of {total} bytes", again: true);
    }

    /// <summary>A source did not give what was asked for.</summary>
    /// <param name="message">What it gave instead.</param>
    /// <param name="again">Whether another attempt may succeed.</param>
    /// <param name="wait">How long the server asked the client to wait.</param>
    /// <param name="cause">The error behind it, if any.</param>
    private sealed class SourceFailure(string message, bool again, TimeSpan? wait = null, Exception? cause = null)
        : Exception(message, cause)
    {
        internal bool Again => again;

        internal TimeSpan? Wait => wait;
    }
}
