namespace VocSeg.Torch;

/// <summary>
/// The samples of one split or set: their ids, files and sizes. Everything that is wrong with the set and can be seen
/// without decoding is found here, before the first batch. A catalog never changes and is never empty; its ids are
/// unique, but for repeats of the same sample where <see cref="SampleCatalogOptions.Repeats"/> allows them.
/// </summary>
public sealed partial class SampleCatalog
{
    private readonly string? listFile;

    /// <exception cref="DatasetException">There is no sample, or an id stands for several.</exception>
    private SampleCatalog(
        string name,
        string root,
        string? listFile,
        IReadOnlyList<SegmentationSample> samples,
        SampleCatalogOptions options)
    {
        if (samples.Count == 0)
        {
            throw new DatasetException(DatasetFault.List, name, "there is no sample; a catalog holds at least one.");
        }
        RequireIds(name, samples, options.Repeats);
        Options = options;
        this.listFile = listFile;
        Name = name;
        Root = root;
        Samples = samples;
    }

    /// <summary>
    /// Where the samples come from, for messages: the list file, the pattern of the images, or their folder, and what
    /// was made of them since.
    /// </summary>
    public string Name { get; }

    /// <summary>The VOC folder; of other catalogs the deepest folder that holds all images.</summary>
    public string Root { get; }

    /// <summary>The list file that names the samples. Where there is none, the same as <see cref="Name"/>.</summary>
    public string ListFile => listFile ?? Name;

    /// <summary>The samples, at least one, in the order of the list file or of their ids.</summary>
    public IReadOnlyList<SegmentationSample> Samples { get; }

    /// <summary>
    /// Reads a split: its list file, and the size of every image and label from their headers, in parallel and without
    /// decoding.
    /// </summary>
    /// <param name="root">
    /// The VOC2012 folder, the VOCdevkit folder that holds it, or the folder that holds VOCdevkit.
    /// </param>
    /// <param name="split">
    /// <c>train</c>, <c>val</c>, <c>trainval</c>, any other list in ImageSets/Segmentation, or the path of a list file.
    /// </param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="progress">Is told, from several threads, how many samples have been seen.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The samples of the split.</returns>
    /// <exception cref="DatasetException">
    /// A folder or list is missing, the list is empty or wrong, ids have no image or label, a header cannot be read, or
    /// an image and its label differ in size. It names the first ten of such samples and counts the rest.
    /// </exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static SampleCatalog FromVoc(
        string root,
        string split,
        SampleCatalogOptions? options = null,
        IProgress<(int Done, int Total)>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new();
        var (folder, list, entries) = VocFolder.Read(root, split, options);
        return new(list, folder, list, Open(entries, list, options, progress, cancellationToken), options);
    }

    /// <summary>
    /// Finds the pairs of two folders by what their names have in common, and reads their sizes. The samples are in the
    /// ordinal order of their ids, or in that of the list.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Images and labels are each named by a pattern such as <c>CamVid/train/{id}.png</c> and
    /// <c>CamVid/trainannot/{id}_L.png</c>. <c>{id}</c> stands for what an image and its label have in common; it may
    /// span folders. A <c>*</c> stands for a text within one folder's or file's name, and for the same text in the
    /// other pattern. Endings are found in any case; without an ending, or with <c>.*</c>, each of .jpg, .jpeg, .png,
    /// .webp and .bmp is found. A folder alone stands for all images in it and in the folders below it.
    /// </para>
    /// <para>
    /// A sample's id is the part of its image's path from the first <c>*</c> or <c>{id}</c> to the end of <c>{id}</c>,
    /// with / between folders. Links to folders are followed. Files and folders whose names begin with a dot are left
    /// out, and so are files that are the label of another image. A label without image is no fault.
    /// </para>
    /// </remarks>
    /// <param name="images">The pattern or folder of the images.</param>
    /// <param name="labels">The pattern or folder of the labels; null for samples without labels.</param>
    /// <param name="list">
    /// A list file of ids, one a line, that selects and orders the samples; null for all. An image's ending after an id
    /// does not count, nor do further words after it.
    /// </param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="progress">Is told, from several threads, how many samples have been seen.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The samples.</returns>
    /// <exception cref="ArgumentException">
    /// A pattern has <c>*</c> but no <c>{id}</c>, more than one <c>{id}</c>, or the two have not as many <c>*</c>.
    /// </exception>
    /// <exception cref="DatasetException">
    /// A folder or list is missing, no image is found, images have no label, the list names others, a header cannot be
    /// read, or an image and its label differ in size. It names the first ten of such samples and counts the rest.
    /// </exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static SampleCatalog FromFolders(
        string images,
        string? labels,
        string? list = null,
        SampleCatalogOptions? options = null,
        IProgress<(int Done, int Total)>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new();
        var imagePattern = FolderPattern.Parse(images, nameof(images));
        var labelPattern = labels is null ? null : FolderPattern.Parse(labels, nameof(labels));
        labelPattern?.RequireStarsOf(imagePattern, nameof(labels));
        var listPath = list is null ? null : Path.GetFullPath(list);
        var entries = FolderPairs.Read(imagePattern, labelPattern, listPath, options, cancellationToken);
        var name = listPath ?? imagePattern.Text;
        var samples = Open(entries, name, options, progress, cancellationToken);
        return new(name, CommonFolder(samples), listPath, samples, options);
    }

    /// <summary>
    /// Takes pairs of image and label from wherever the caller has them, and reads their sizes. The samples are in the
    /// order of the pairs.
    /// </summary>
    /// <param name="pairs">
    /// For each sample an id, the path of its image, and that of its label; null where there is no label.
    /// </param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="progress">Is told, from several threads, how many samples have been seen.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The samples.</returns>
    /// <exception cref="ArgumentException">An id or a path is empty.</exception>
    /// <exception cref="DatasetException">
    /// There is no pair, an id stands for two, a file is missing or is no image, or an image and its label differ in
    /// size. It names the first ten of such samples and counts the rest.
    /// </exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static SampleCatalog FromPairs(
        IEnumerable<(string Id, string ImagePath, string? LabelPath)> pairs,
        SampleCatalogOptions? options = null,
        IProgress<(int Done, int Total)>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        options ??= new();
        var entries = new List<CatalogEntry>();
        foreach (var (id, image, label) in pairs)
        {
            if (string.IsNullOrWhiteSpace(id) || string.IsNullOrEmpty(image) || label is "")
            {
                throw new ArgumentException(
                    $"Pair {entries.Count + 1} ('{id}', '{image}', '{label}') needs an id and the path of an image; "
                    + "where there is no label, its path is null.",
                    nameof(pairs));
            }
            entries.Add(new(id, FullPath(image), label is null ? null : FullPath(label), [])
            {
                TurnsImage = options.ApplyExifOrientation,
            });
        }
        var samples = Open(entries, "the pairs", options, progress, cancellationToken);
        var root = CommonFolder(samples);
        return new(root, root, null, samples, options);

        // .NET refuses a path with NUL without saying whose it is; the reading of the file does.
        static string FullPath(string path) => path.Contains('\0') ? path : Path.GetFullPath(path);
    }

    /// <summary>How the samples were read; the work on them later is as parallel.</summary>
    internal SampleCatalogOptions Options { get; }

    /// <summary>The samples of entries: the headers of their files are read, in parallel.</summary>
    private static SegmentationSample[] Open(
        IReadOnlyList<CatalogEntry> entries,
        string source,
        SampleCatalogOptions options,
        IProgress<(int Done, int Total)>? progress,
        CancellationToken cancellation) =>
        ForEach(
            entries.Count,
            $"samples of {source}",
            options,
            static () => 0,
            (_, index) => entries[index].Open(options.MaxPixels),
            progress,
            cancellation);

    /// <exception cref="DatasetException">An id stands twice and may not, or stands for two samples.</exception>
    private static void RequireIds(string name, IReadOnlyList<SegmentationSample> samples, bool repeats)
    {
        var byId = new Dictionary<string, SegmentationSample>(samples.Count, StringComparer.Ordinal);
        foreach (var sample in samples)
        {
            if (byId.TryAdd(sample.Id, sample))
                continue;
            var other = byId[sample.Id];
            if (other == sample && repeats)
                continue;
            throw new DatasetException(
                DatasetFault.List, name,
                other == sample
                    ? $"'{sample.Id}' stands more than once ({sample.ImagePath}); take it out once, or set "
                    + "Repeats = true to read the sample more than once an epoch."
                    : $"'{sample.Id}' stands for two samples, of {other.ImagePath} and of {sample.ImagePath}; give "
                    + "each an id of its own.", sampleId: sample.Id);
        }
    }

    private static string CommonFolder(IReadOnlyList<SegmentationSample> samples)
    {
        if (samples.Count == 0)
            return Path.GetFullPath(".");
        var common = Path.GetDirectoryName(samples[0].ImagePath)!;
        foreach (var sample in samples)
        {
            while (!IsIn(sample.ImagePath, common))
                common = Path.GetDirectoryName(common) ?? "";
        }
        return common;

        static bool IsIn(string path, string folder) =>
            folder.Length == 0
            || (path.StartsWith(folder, StringComparison.Ordinal)
                && (Path.EndsInDirectorySeparator(folder) || path[folder.Length] == Path.DirectorySeparatorChar));
    }
}
