using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace VocSeg.Torch.Tests;

/// <summary>An HTTP server on loopback that serves one file, with ranges. A test may put other answers first.</summary>
internal sealed class ArchiveServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private ArchiveServer(byte[] file, WebApplication app)
    {
        File = file;
        this.app = app;
    }

    /// <summary>What the server serves; a test may change it.</summary>
    internal byte[] File { get; set; }

    internal string? ETag { get; set; } = "\"one\"";

    internal DateTimeOffset? Modified { get; set; }

    internal bool TakesRanges { get; set; } = true;

    /// <summary>Answers that are given before the usual one, each once.</summary>
    internal ConcurrentQueue<Func<HttpContext, Task>> First { get; } = new();

    /// <summary>The range and If-Range of every request.</summary>
    internal ConcurrentQueue<(string Range, string IfRange)> Requests { get; } = new();

    internal Uri Url => new(app.Urls.Single() + "/VOC.tar");

    internal static async Task<ArchiveServer> StartAsync(byte[] file)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MinResponseDataRate = null);
        var server = new ArchiveServer(file, builder.Build());
        server.app.Run(server.AnswerAsync);
        await server.app.StartAsync();
        return server;
    }

    internal ArchiveServer FirstAnswer(params Func<HttpContext, Task>[] answers)
    {
        Array.ForEach(answers, First.Enqueue);
        return this;
    }

    internal static Func<HttpContext, Task> Status(int status, string? retryAfter = null) => context =>
    {
        context.Response.StatusCode = status;
        if (retryAfter is not null)
            context.Response.Headers.RetryAfter = retryAfter;
        return Task.CompletedTask;
    };

    /// <summary>The usual answer, but the connection breaks after so many bytes of it.</summary>
    internal Func<HttpContext, Task> Cut(int after, bool reset = true) => Answer(async (context, body, from, length) =>
    {
        await body.WriteAsync(File.AsMemory(from, Math.Min(after, length)));
        await body.FlushAsync();
        if (reset)
        {
            // The bytes need time to leave before the reset discards them.
            await Task.Delay(30);
            context.Abort();
        }
    });

    /// <summary>The usual answer, but the server falls silent after so many bytes.</summary>
    internal Func<HttpContext, Task> Stall(int after) => Answer(async (context, body, from, length) =>
    {
        await body.WriteAsync(File.AsMemory(from, Math.Min(after, length)));
        await body.FlushAsync();
        await Task.Delay(Timeout.Infinite, context.RequestAborted);
    });

    /// <summary>The usual answer, a little at a time.</summary>
    internal Func<HttpContext, Task> Throttle(int step, TimeSpan pause) => Answer(async (context, body, from, length) =>
    {
        for (var sent = 0; sent < length; sent += step)
        {
            await body.WriteAsync(File.AsMemory(from + sent, Math.Min(step, length - sent)), context.RequestAborted);
            await body.FlushAsync(context.RequestAborted);
            await Task.Delay(pause, context.RequestAborted);
        }
    });

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.Zero);
        await app.StopAsync(soon.Token);
        await app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue((context.Request.Headers.Range.ToString(), context.Request.Headers.IfRange.ToString()));
        try
        {
            await (First.TryDequeue(out var answer) ? answer : Whole)(context);
        }
        catch (OperationCanceledException)
        {
            // The client has gone.
        }
    }

    private Func<HttpContext, Task> Whole => Answer((_, body, from, length) => body.WriteAsync(File, from, length));

    /// <summary>The usual status and headers; <paramref name="send"/> writes the body.</summary>
    private Func<HttpContext, Task> Answer(Func<HttpContext, Stream, int, int, Task> send) => async context =>
    {
        var response = context.Response;
        response.ContentType = "application/x-tar";
        if (ETag is not null)
            response.Headers.ETag = ETag;
        if (Modified is { } time)
            response.Headers.LastModified = time.ToString("R", CultureInfo.InvariantCulture);
        var from = 0;
        var range = TakesRanges ? context.Request.GetTypedHeaders().Range?.Ranges.Single().From : null;
        var condition = context.Request.Headers.IfRange.ToString();
        var modified = response.Headers.LastModified.ToString();
        if (range is { } asked && (condition.Length == 0 || condition == ETag || condition == modified))
        {
            if (asked >= File.Length)
            {
                response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                response.GetTypedHeaders().ContentRange = new ContentRangeHeaderValue(File.Length);
                return;
            }
            from = (int)asked;
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.GetTypedHeaders().ContentRange = new ContentRangeHeaderValue(from, File.Length - 1, File.Length);
        }
        response.ContentLength = File.Length - from;
        await send(context, response.Body, from, File.Length - from);
    };
}
