using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace VocSeg.Torch;

/// <summary>Fills a partial file from the sources, one after the other, until its sum is right.</summary>
internal sealed class HttpDownload(VocArchiveOptions options, HttpClient http, PartialFile file, ArchiveReporter reporter, CancellationToken cancellation)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private readonly byte[] buffer = new byte[256 * 1024];

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
            var sum = file.Sum();
            if (options.Sha1 is null || sum == options.Sha1)
            {
                file.Finish();
                return;
            }
            file.Restart(null);
            failures.Add($"{source}: the SHA-1 is {sum}, it must be {options.Sha1}; these bytes were thrown away");
        }
        throw new DatasetException(
            options.Sources[^1].AbsoluteUri,
            $"the tar could not be downloaded. {string.Join(". ", failures)}. "
            + "See to the network, a proxy (http_proxy, https_proxy) or another URL, or get the tar by other means and name it as the local tar file. "
            + "What is downloaded and sound stays, and the next call goes on from there.");
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
                // A source that moves on is not failing; one that only repeats the same bytes is.
                if (file.Length > furthest)
                    (furthest, attempt) = (file.Length, 0);
                if (!failure.Again || ++attempt > options.Retries)
                    throw;
                var pause = PauseBefore(attempt, failure.Wait);
                reporter.Say(VocArchiveStage.Retrying, source.AbsoluteUri, string.Create(
                    CultureInfo.InvariantCulture, $"{failure.Message}; attempt {attempt + 1} in {pause.TotalSeconds:F1} s"));
                await Task.Delay(pause, cancellation);
            }
        }
    }

    private TimeSpan PauseBefore(int attempt, TimeSpan? asked)
    {
        var doubled = options.RetryDelay * Math.Pow(2, Math.Min(attempt - 1, 16)) * (0.75 + Random.Shared.NextDouble() / 2);
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
            if (!TakeAnswer(source, response))
                return;
            await ReadBodyAsync(source, response, stall);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new SourceFailure(string.Create(CultureInfo.InvariantCulture, $"no byte came for {options.StallTimeout.TotalSeconds:0.#} s"), again: true);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new SourceFailure(error.Message.TrimEnd('.'), again: true, cause: error);
        }
    }

    private HttpRequestMessage RequestFor(Uri source)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, source);
        if (file is { Length: > 0, Origin: { } origin })
        {
            var same = origin.Source == source.AbsoluteUri;
            // Another mirror knows nothing of this one's ETag; there, and where a server gives none, the sum must tell.
            if (same && origin.Condition is { } condition)
                request.Headers.IfRange = condition;
            else if (options.Sha1 is null)
                return request;
            request.Headers.Range = new RangeHeaderValue(file.Length, null);
        }
        return request;
    }

    /// <summary>Makes the file ready for what the answer brings.</summary>
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
                break;
            case HttpStatusCode.PartialContent when file.Length > 0 && range?.From == file.Length && IsSameFile(source, response):
                break;
            case HttpStatusCode.PartialContent:
                file.Restart(null);
                throw new SourceFailure($"{said} with other bytes than were asked for ({range})", again: true);
            case HttpStatusCode.RequestedRangeNotSatisfiable when file.Length > 0 && range?.Length == file.Length:
                return false;
            case HttpStatusCode.RequestedRangeNotSatisfiable when file.Length > 0:
                file.Restart(null);
                throw new SourceFailure($"{said}, the file changed", again: true);
            case HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError:
                throw new SourceFailure(said, again: true, response.Headers.RetryAfter switch
                {
                    { Delta: { } delta } => delta,
                    { Date: { } date } => date - DateTimeOffset.UtcNow,
                    _ => null,
                });
            default:
                throw new SourceFailure(said, again: false);
        }
        return true;
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
            options.Disk.RequireFree(file.Folder, whole - file.Length + ArchiveWork.SpaceToUnpack(whole, options.Content));
        reporter.Begin(VocArchiveStage.Downloading, source.AbsoluteUri, file.Length, total);
        await using var body = await response.Content.ReadAsStreamAsync(stall.Token);
        while (true)
        {
            var read = await body.ReadAsync(buffer, stall.Token);
            if (read == 0)
                break;
            stall.CancelAfter(options.StallTimeout);
            if (file.Length + read > total)
            {
                file.Restart(null);
                throw new SourceFailure($"more came than the {total} bytes that were announced", again: true);
            }
            file.Append(buffer.AsSpan(0, read));
            reporter.Advance(file.Length, total);
        }
        if (file.Length < total)
            throw new SourceFailure($"the connection ended after {file.Length} of {total} bytes", again: true);
    }
}
