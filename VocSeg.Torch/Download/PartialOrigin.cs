using System.Globalization;
using System.Net.Http.Headers;

namespace VocSeg.Torch;

/// <summary>Where the bytes of a partial download came from, so that a later call asks for the rest of the same file.</summary>
/// <param name="Source">The address.</param>
/// <param name="Total">The length of the whole file, where the server said it.</param>
/// <param name="ETag">The server's mark of this version; null for none, or a weak one, which says nothing of single bytes.</param>
/// <param name="Modified">When the server's file changed last.</param>
internal sealed record PartialOrigin(string Source, long? Total, string? ETag, DateTimeOffset? Modified)
{
    private const string Header = "vocseg partial 1";

    internal static PartialOrigin Of(Uri source, HttpResponseMessage response) => new(
        source.AbsoluteUri,
        response.Content.Headers.ContentRange?.Length ?? response.Content.Headers.ContentLength,
        response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : null,
        response.Content.Headers.LastModified);

    /// <summary>What If-Range asks for; null where the server gave nothing that would do.</summary>
    internal RangeConditionHeaderValue? Condition =>
        ETag is not null ? new(new EntityTagHeaderValue(ETag)) : Modified is { } time ? new(time) : null;

    internal static PartialOrigin? Read(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        if (lines is not [Header, var source, var total, var tag, var modified])
            return null;
        return new(
            source,
            long.TryParse(total, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null,
            EntityTagHeaderValue.TryParse(tag, out _) ? tag : null,
            DateTimeOffset.TryParseExact(modified, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null);
    }

    internal void Write(string path)
    {
        File.WriteAllLines(path + ".new", [
            Header, Source, Total?.ToString(CultureInfo.InvariantCulture) ?? "-", ETag ?? "-", Modified?.ToString("R", CultureInfo.InvariantCulture) ?? "-"]);
        File.Move(path + ".new", path, overwrite: true);
    }
}
