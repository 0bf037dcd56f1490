using System.Collections.Immutable;

namespace VocSeg.Torch;

/// <summary>How much of an archive <see cref="VocArchive"/> unpacks.</summary>
public enum VocArchiveContent
{
    /// <summary>
    /// What segmentation needs: the lists, the labels, and the images that the lists name. These are about 330 MB of
    /// the official 2 GB.
    /// </summary>
    Segmentation,

    /// <summary>Every file of the VOC folder.</summary>
    Everything,
}

/// <summary>Where <see cref="VocArchive"/> gets the data from, how much of it, and how often it tries.</summary>
public sealed record VocArchiveOptions
{
    /// <summary>The addresses of the tar, tried in this order. By default <see cref="VocArchive.Mirrors"/>.</summary>
    /// <exception cref="ArgumentException">
    /// There is no address, or one is not an absolute http or https address.
    /// </exception>
    public ImmutableArray<Uri> Sources
    {
        get;
        init
        {
            if (value.IsDefaultOrEmpty)
                throw new ArgumentException("There must be an address to download from.", nameof(Sources));
            var wrong = value.FirstOrDefault(uri => !uri.IsAbsoluteUri || uri.Scheme is not ("http" or "https"));
            if (wrong is not null)
                throw new ArgumentException($"'{wrong}' is not an http or https address.", nameof(Sources));
            field = value;
        }
    } = VocArchive.Mirrors;

    /// <summary>A local tar file to use instead of a download. It is only read, and it stays.</summary>
    public string? TarFile { get; init; }

    /// <summary>
    /// The SHA-1 that the tar must have; null accepts any. By default that of the official VOC2012 tar.
    /// </summary>
    /// <exception cref="ArgumentException">It is not 40 hexadecimal digits.</exception>
    public string? Sha1
    {
        get;
        init => field = value is null || (value.Length == 40 && value.All(char.IsAsciiHexDigit))
            ? value?.ToLowerInvariant()
            : throw new ArgumentException($"A SHA-1 is 40 hexadecimal digits; '{value}' was given.", nameof(Sha1));
    } = VocArchive.OfficialSha1;

    /// <summary>How much of the tar is unpacked. By default what segmentation needs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not one of the named values.</exception>
    public VocArchiveContent Content
    {
        get;
        init => field = NamedValue.Require(value, nameof(Content));
    }

    /// <summary>
    /// Whether a downloaded tar is kept, in the folder <c>.vocseg</c> beside <c>VOCdevkit</c>. By default it is
    /// deleted.
    /// </summary>
    public bool KeepTar { get; init; }

    /// <summary>
    /// How many times in a row a source may fail without sending new bytes and still be tried again; then the next
    /// source follows. A source that cannot be reached is not tried again until bytes have arrived. By default 5.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 0.</exception>
    public int Retries
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    } = 5;

    /// <summary>
    /// The pause before the first retry. It doubles with each further one, up to a minute. By default 1 s.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 0 or above a minute.</exception>
    public TimeSpan RetryDelay
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMinutes(1));
            field = value;
        }
    } = TimeSpan.FromSeconds(1);

    /// <summary>How long an attempt waits for the next byte before it is given up. By default 30 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0, or above a day.</exception>
    public TimeSpan StallTimeout
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromDays(1));
            field = value;
        }
    } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The client that sends the requests, where credentials or a special proxy are needed; set its
    /// <see cref="HttpClient.Timeout"/> to infinite. Null for a client that follows the system's proxy settings and
    /// <c>http_proxy</c>, <c>https_proxy</c> and <c>no_proxy</c>.
    /// </summary>
    public HttpClient? Http { get; init; }

    /// <summary>The disk that is written to. Tests put a full one in its place.</summary>
    internal ArchiveDisk Disk { get; init; } = ArchiveDisk.Real;

    /// <summary>The name of the origin that a folder made with these options carries in its mark.</summary>
    internal string Key => Sha1 ?? (TarFile is null ? Sources[0].AbsoluteUri : Path.GetFullPath(TarFile));
}
