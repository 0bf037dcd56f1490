using System.Collections.Immutable;

namespace VocSeg.Torch;

/// <summary>Gets the VOC data: downloads the tar, checks it and unpacks it, once.</summary>
/// <remarks>
/// <para>
/// It can be stopped at any moment, by cancellation, a crash or a kill; the next call goes on where it stopped. Until all is done there
/// is no VOC folder, and the finished one holds a mark with the name and length of every file. A folder without a mark, or one that lacks files, is
/// not whole and is completed.
/// </para>
/// <para>
/// The SHA-1 is made of the bytes as they come, and the tar is not read again for it. Only what an earlier call left is read once, before the
/// download goes on.
/// </para>
/// </remarks>
public static class VocArchive
{
    /// <summary>The SHA-1 of the official tar, VOCtrainval_11-May-2012.tar.</summary>
    public const string OfficialSha1 = "4e443f8a2eca6b1dac8a6c57641b67dd40621a49";

    /// <summary>Known places of the official tar.</summary>
    public static ImmutableArray<Uri> Mirrors { get; } =
    [
        new("http://host.robots.ox.ac.uk/pascal/VOC/voc2012/VOCtrainval_11-May-2012.tar"),
        new("http://thor.robots.ox.ac.uk/pascal/VOC/voc2012/VOCtrainval_11-May-2012.tar"),
        new("http://data.mxnet.io/data/VOCtrainval_11-May-2012.tar"),
        new("http://d2l-data.s3-accelerate.amazonaws.com/VOCtrainval_11-May-2012.tar"),
    ];

    /// <summary>Makes sure that a whole VOC folder is there; returns at once where it is.</summary>
    /// <param name="folder">The folder that gets <c>VOCdevkit/VOC2012</c>; a path that ends with these names means the same place.</param>
    /// <param name="options">Sources, checksum, content, patience; null for the official data.</param>
    /// <param name="progress">Is told what happens, a few times a second, from several threads but one at a time.</param>
    /// <param name="cancellationToken">Stops the work; what was downloaded stays for the next call.</param>
    /// <returns>The VOC folder.</returns>
    /// <exception cref="DatasetException">
    /// No source gave the tar, its sum is wrong, it holds what a VOC tar must not, the disk is full, or another data set is in the way.
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
        // Unpacking is work for the processor and the disk: not on the caller's thread.
        return Task.Run(work.RunAsync, cancellationToken);
    }

    /// <inheritdoc cref="DownloadAsync"/>
    public static string Download(
        string folder,
        VocArchiveOptions? options = null,
        IProgress<VocArchiveProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        DownloadAsync(folder, options, progress, cancellationToken).GetAwaiter().GetResult();

    /// <summary>The whole VOC folder, where an earlier call has made one; nothing is downloaded or changed.</summary>
    /// <param name="folder">As for <see cref="DownloadAsync"/>.</param>
    /// <param name="options">As for <see cref="DownloadAsync"/>.</param>
    /// <returns>
    /// The VOC folder; null where there is none, it lacks files, or it has not the mark of a download from this archive, as a folder that was unpacked by hand.
    /// </returns>
    public static string? FindWhole(string folder, VocArchiveOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return ArchivePlace.Of(folder).FindWhole(options ?? new());
    }
}
