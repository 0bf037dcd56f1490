using System.Collections.Immutable;

namespace VocSeg.Torch;

/// <summary>Where <see cref="VocArchive"/> takes the data from and how hard it tries.</summary>
public sealed record VocArchiveOptions
{
    /// <summary>The addresses of the tar, tried in this order. By default <see cref="VocArchive.Mirrors"/>.</summary>
    /// <exception cref="ArgumentException">None, or one that is not an absolute http or https address.</exception>
    public ImmutableArray<Uri> Sources
    {
        get;
        init
        {
            if (value.IsDefaultOrEmpty)
                throw new ArgumentException("There must be an address to download from.", nameof(Sources));
            if (value.FirstOrDefault(source => !source.IsAbsoluteUri || source.Scheme is not ("http" or "https")) is { } wrong)
                throw new ArgumentException($"'{wrong}' is not an http or https address.", nameof(Sources));
            field = value;
        }
    } = VocArchive.Mirrors;

    /// <summary>A tar file that is here already; nothing is downloaded then. It is read only and stays.</summary>
    public string? TarFile { get; init; }

    /// <summary>The SHA-1 that the tar must have; null for a tar of unknown sum. By default that of the official VOC2012 tar.</summary>
    /// <exception cref="ArgumentException">Not 40 hexadecimal digits.</exception>
    public string? Sha1
    {
        get;
        init => field = value is null or { Length: 40 } && (value is null || value.All(char.IsAsciiHexDigit))
            ? value?.ToLowerInvariant()
            : throw new ArgumentException($"A SHA-1 is 40 hexadecimal digits; '{value}' was given.", nameof(Sha1));
    } = VocArchive.OfficialSha1;

    /// <summary>How much of the tar is unpacked. By default what segmentation needs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not one of the named values.</exception>
    public VocArchiveContent Content
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Content), $"{value} is none of Segmentation and Everything.");
    }

    /// <summary>Whether a downloaded tar stays beside what was unpacked, in <c>.vocseg</c>. By default it is deleted.</summary>
    public bool KeepTar { get; init; }

    /// <summary>How often a source is tried again without having got further, before the next source has its turn. By default 5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 0.</exception>
    public int Retries
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    } = 5;

    /// <summary>The pause before the first retry; it doubles with each further one up to a minute. By default 1 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 0 or above a minute.</exception>
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

    /// <summary>An attempt that gets not a byte for so long is given up and made again. By default 30 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0, or above a day.</exception>
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
    /// What sends the requests, for credentials or a proxy of one's own; set its <see cref="HttpClient.Timeout"/> to infinite. Null for
    /// one that follows the system's proxy settings and <c>http_proxy</c>, <c>https_proxy</c>, <c>no_proxy</c>.
    /// </summary>
    public HttpClient? Http { get; init; }

    /// <summary>The disk; tests put a full one in its place.</summary>
    internal ArchiveDisk Disk { get; init; } = ArchiveDisk.Real;

    /// <summary>What a VOC folder made with these options says of its origin.</summary>
    internal string Key => Sha1 ?? (TarFile is null ? Sources[0].AbsoluteUri : Path.GetFullPath(TarFile));
}
