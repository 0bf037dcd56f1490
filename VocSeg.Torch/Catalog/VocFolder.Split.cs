namespace VocSeg.Torch;

/// <content>What a list file names: ids with the files that they stand for.</content>
public static partial class VocFolder
{
    /// <summary>Finds the folder and the list of a split, and the files of the list's ids.</summary>
    /// <param name="path">Where the folder is looked for, as by <see cref="Find(string)"/>.</param>
    /// <param name="split">
    /// The name of a split (train, val, trainval, or any list in ImageSets/Segmentation), or the path of a list file.
    /// </param>
    /// <param name="options">The label folder, whether ids may repeat, and whether images are turned.</param>
    /// <exception cref="DatasetException">
    /// There is no such folder or list, or one cannot be read, a line leads out of the VOC folder, or an id stands
    /// twice and Repeats is false.
    /// </exception>
    internal static (string Folder, string ListFile, IReadOnlyList<CatalogEntry> Entries) Read(
        string path, string split, SampleCatalogOptions options)
    {
        var root = Find(path, options.LabelFolder);
        var listFile = ListFile(root, split);
        var list = SplitList.Read(listFile);
        var images = Folder(Images, "image", ".jpg");
        var labels = Folder(options.LabelFolder, "label", ".png");
        var entries = new List<CatalogEntry>(list.Lines.Count);
        var lineOf = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (number, text) in list.Lines)
        {
            var entry = Columns(text) is var (image, label)
                ? FromColumns(root, list, number, image, label)
                : FromId(IdOf(list, number, text, images.Value, labels.Value), images.Value, labels.Value, list);
            if (!lineOf.TryAdd(entry.Id, number) && !options.Repeats)
                throw list.Repeated(entry.Id, lineOf[entry.Id], number);
            entries.Add(entry with { TurnsImage = options.ApplyExifOrientation });
        }
        return (root, listFile, entries);

        Lazy<Files> Folder(string name, string what, string usual) =>
            new(() => Files.Open(Path.Combine(root, name), what, usual, listFile));
    }

    /// <summary>The image and the label of a line that names both by path; null for any other line.</summary>
    private static (string Image, string Label)? Columns(string text)
    {
        for (var blank = 0; blank < text.Length; blank++)
        {
            if (text[blank] is not (' ' or '\t'))
                continue;
            var (image, label) = (text[..blank].TrimEnd(), text[blank..].TrimStart());
            if (image.Contains('/', StringComparison.Ordinal) && label.Contains('/', StringComparison.Ordinal)
                && ImageHeader.HasEnding(image) && ImageHeader.HasEnding(label))
            {
                return (image, label);
            }
        }
        return null;
    }

    private static CatalogEntry FromColumns(string root, SplitList list, int number, string image, string label)
    {
        if (ImageHeader.StemOf(image[(image.LastIndexOf('/') + 1)..]) is not { } id)
        {
            throw new DatasetException(
                DatasetFault.List, list.Path, $"line {number} names no file: '{image}' has nothing before its ending.");
        }
        var faults = new List<DatasetException>();
        return new(id, Existing(image, "image"), Existing(label, "label"), faults);

        string? Existing(string column, string what)
        {
            var inside = column.TrimStart('/');
            // On Windows a drive or a second slash begins a path of its own, which would take the root's place.
            if (Path.IsPathRooted(inside) || inside.Split('/', '\\').Any(part => part is ".." or "."))
            {
                throw new DatasetException(
                    DatasetFault.List, list.Path,
                    $"line {number} leads out of the VOC folder: '{column}'.", sampleId: id);
            }
            var path = FolderFiles.Below(root, inside);
            if (File.Exists(path))
                return path;
            faults.Add(new(
                DatasetFault.NotFound, path,
                $"there is no such {what}; line {number} of {list.Path} names it.", sampleId: id));
            return null;
        }
    }

    /// <summary>The whole line where it has a file; else its first word, without an image's ending.</summary>
    private static string IdOf(SplitList list, int number, string text, Files images, Files labels)
    {
        foreach (var whole in new[] { text, ImageHeader.StemOf(text) })
        {
            if (whole is not null && IsName(whole) && (images.Has(whole) || labels.Has(whole)))
                return whole;
        }
        var word = text.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries)[0];
        if (!IsName(word))
        {
            throw new DatasetException(
                DatasetFault.List, list.Path,
                $"line {number} holds '{word}'; an id is a file name without folder and extension.");
        }
        return images.Has(word) ? word : ImageHeader.StemOf(word) ?? word;
    }

    private static CatalogEntry FromId(string id, Files images, Files labels, SplitList list)
    {
        var faults = new List<DatasetException>();
        return new(id, Find(images), Find(labels), faults);

        string? Find(Files folder)
        {
            try
            {
                return folder.Find(id);
            }
            catch (DatasetException fault)
            {
                faults.Add(list.Explain(fault));
                return null;
            }
        }
    }

    private static bool IsName(string id) => !id.AsSpan().ContainsAny('/', '\\') && id is not ("." or "..");
}
