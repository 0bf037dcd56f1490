namespace VocSeg.Torch;

/// <summary>Finds the images and labels of two patterns, and brings them together.</summary>
internal static class FolderPairs
{
    // Only the first ten faults are named; to look for the nearest name takes time in large folders.
    private const int MostExplained = 10;

    /// <summary>The pairs, in ordinal order of their ids or in that of the list.</summary>
    /// <exception cref="DatasetException">
    /// A folder cannot be read, nothing matches, images have no label or several, or the list names others.
    /// </exception>
    internal static IReadOnlyList<CatalogEntry> Read(
        FolderPattern images,
        FolderPattern? labels,
        string? listFile,
        SampleCatalogOptions options,
        CancellationToken cancellation)
    {
        var imageFiles = FolderFiles.List(images.Folder, cancellation);
        var labelFiles = labels is null || labels.Folder == images.Folder
            ? imageFiles
            : FolderFiles.List(labels.Folder, cancellation);
        var byId = Images(images, labels, imageFiles, labelFiles)
            .ToLookup(found => found.Match.Id, StringComparer.Ordinal);
        var ids = listFile is null
            ? [.. byId.Select(group => group.Key).Order(StringComparer.Ordinal)]
            : Listed(SplitList.Read(listFile), id => byId.Contains(id), byId.Select(group => group.Key), options);

        var faults = new List<DatasetException>();
        var entries = new List<CatalogEntry>();
        foreach (var id in ids)
        {
            try
            {
                entries.Add(Pair(id) with { TurnsImage = options.ApplyExifOrientation });
            }
            catch (DatasetException fault)
            {
                faults.Add(fault);
            }
        }
        if (faults.Count == 0)
            return entries;
        var all = DatasetException.All(
            faults, $"{faults.Count} of the {ids.Count} samples of {listFile ?? images.Text}");
        // One label that is missing says nothing of the names; where all are, the names do not go together.
        throw entries.Count > 0 || faults.Exists(fault => fault.Fault != DatasetFault.NotFound) ? all : all.With(
            " No image has a label by its name: where the names differ, patterns say what they have in common, such as "
            + "images/{id}_image.png and labels/{id}_label.png.");

        CatalogEntry Pair(string id)
        {
            FoundImage[] found = [.. byId[id]];
            if (found.Length > 1)
                throw images.Several(id, "image", found.Select(image => image.Path));
            var (match, path) = found[0];
            var image = FolderFiles.Below(images.Folder, path);
            if (labels is null)
                return new(id, image, null, []);
            var label = labels.Find(match, labelFiles, explain: faults.Count < MostExplained);
            return label != image ? new(id, image, label, []) : throw new DatasetException(
                DatasetFault.List, image,
                $"'{id}' has one file as image and as label; give the labels another pattern or folder.", sampleId: id);
        }
    }

    /// <summary>The files of the images' pattern, without those that are the label of another image.</summary>
    private static List<FoundImage> Images(
        FolderPattern images, FolderPattern? labels, FolderFiles imageFiles, FolderFiles labelFiles)
    {
        // A folder of labels below that of the images holds no images.
        var below = labels is null
            ? ".."
            : Path.GetRelativePath(images.Folder, labels.Folder).Replace(Path.DirectorySeparatorChar, '/') + '/';
        var found = new List<FoundImage>();
        foreach (var path in imageFiles.Paths)
        {
            if (!path.StartsWith(below, StringComparison.Ordinal) && images.Match(path) is { } match)
                found.Add(new(match, path));
        }
        if (found.Count == 0)
        {
            throw new DatasetException(
                DatasetFault.NotFound, images.Text,
                $"no image is found by this pattern among the {imageFiles.Paths.Count} files of {images.Folder}"
                + $"{imageFiles.Nearest(images.Example)}. Images end in {string.Join(", ", ImageHeader.Endings)}.");
        }
        if (labels is null || imageFiles != labelFiles)
            return found;
        // In one folder with the images, 'x_L.png' may be the label of 'x.png' and look like an image itself.
        var pathsOfLabels = found
            .SelectMany(image => labels.Candidates(image.Match, labelFiles).Where(label => label != image.Path))
            .ToHashSet(StringComparer.Ordinal);
        found.RemoveAll(image => pathsOfLabels.Contains(image.Path));
        return found;
    }

    /// <summary>The ids of a list's lines: the whole line where it is one, else its first word.</summary>
    private static IReadOnlyList<string> Listed(
        SplitList list, Func<string, bool> isId, IEnumerable<string> known, SampleCatalogOptions options)
    {
        var ids = new List<string>(list.Lines.Count);
        var faults = new List<DatasetException>();
        var lineOf = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (number, text) in list.Lines)
        {
            var word = text.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries)[0];
            string?[] readings = [text, ImageHeader.StemOf(text), word, ImageHeader.StemOf(word)];
            if (Array.Find(readings, reading => reading is not null && isId(reading)) is not { } id)
            {
                var near = faults.Count < MostExplained ? NearestName.Of(text, known) : null;
                faults.Add(list.Explain(new(
                    DatasetFault.NotFound, list.Path,
                    $"line {number}: '{text}' is the id of no image; the nearest is '{near}'.", sampleId: word)));
                continue;
            }
            if (!lineOf.TryAdd(id, number) && !options.Repeats)
                throw list.Repeated(id, lineOf[id], number);
            ids.Add(id);
        }
        return faults.Count == 0 ? ids : throw DatasetException.All(
            faults, $"{faults.Count} of the {list.Lines.Count} lines of {list.Path}");
    }

    private sealed record FoundImage(FolderMatch Match, string Path);
}
