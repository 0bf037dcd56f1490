using System.Collections.Immutable;

namespace VocSeg.Torch;

/// <summary>Gets the VOC data: downloads the tar, checks it and unpacks it, once.</summary>
/// <remarks>
/// <para>
/// The work may be stopped at any moment, by cancellation, a crash or a kill; the next call continues where it stopped.
/// The VOC folder appears when all its files are there, together with a mark file that lists their names and lengths.
/// A folder that lacks the mark or some files is completed.
/// </para>
/// <para>
/// The SHA-1 is computed as the bytes arrive, so that the tar is not read again for it. What an earlier call left is
/// read once, before the download continues.
/// </para>
/// <para>Where no source can be reached, the download fails after one round of them, within 20 s.</para>
/// </remarks>
public static class VocArchive
{
    /// <summary>The SHA-1 of the official tar, VOCtrainval_11-May-2012.tar.</summary>
    public const string OfficialSha1 = "4e443f8a2eca6b1dac8a6c57641b67dd40621a49";

    /// <summary>Known addresses of the official tar.</summary>
    public static ImmutableArray<Uri> Mirrors { get; } =
    [
        new("http://host.robots.ox.ac.uk/pascal/VOC/voc2012/VOCtrainval_11-May-2012.tar"),
        new("http://thor.robots.ox.ac.uk/pascal/VOC/voc2012/VOCtrainval_11-May-2012.tar"),
        new("http://data.mxnet.io/data/VOCtrainval_11-May-2012.tar"),
        new("http://d2l-data.s3-accelerate.amazonaws.com/VOCtrainval_11-May-2012.tar"),
    ];

    /// <summary>Makes sure that the complete VOC folder is there; returns at once where it is.</summary>
    /// <param name="folder">
    /// The folder that gets <c>VOCdevkit/VOC2012</c>. The path may also end with these names.
    /// </param>
    /// <param name="options">Sources, checksum, content and retries; null for the official data.</param>
    /// <param name="progress">
    /// Receives reports a few times a second, from several threads but never from two at a time.
    /// </param>
    /// <param name="cancellationToken">Stops the work; what was downloaded stays for the next call.</param>
    /// <returns>The VOC folder.</returns>
    /// <exception cref="DatasetException">
    /// No source gave the tar, its checksum is wrong, its content is not that of a VOC tar, the disk is full, or the
    /// folder holds another data set.
    /// </exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static Task<string> DownloadAsync(
        string folder,
        VocArchiveOptions? options = null,
        IProgress<VocArchiveProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var work = new ArchiveWork(ArchivePlace.Of(folder), options ?? new(), new(progress), cancellationToken);
        // Unpacking keeps a processor and the disk busy, so it must not run on the caller's thread.
        return Task.Run(work.RunAsync, cancellationToken);
    }

    /// <inheritdoc cref="DownloadAsync"/>
    public static string Download(
        string folder,
        VocArchiveOptions? options = null,
        IProgress<VocArchiveProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        DownloadAsync(folder, options, progress, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Finds the VOC folder that an earlier call completed; downloads and changes nothing.</summary>
    /// <param name="folder">As for <see cref="DownloadAsync"/>.</param>
    /// <param name="options">As for <see cref="DownloadAsync"/>.</param>
    /// <returns>
    /// The VOC folder. Null where there is none, where files are missing, or where it has no mark of this archive; a
    /// folder that was unpacked by hand has none.
    /// </returns>
    public static string? FindWhole(string folder, VocArchiveOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return ArchivePlace.Of(folder).FindWhole(options ?? new());
    }
}
