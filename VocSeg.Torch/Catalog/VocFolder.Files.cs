namespace VocSeg.Torch;

public static partial class VocFolder
{
    /// <summary>
    /// The files of a folder of images or labels, listed once: that is quicker than asking for each file, on network
    /// drives above all.
    /// </summary>
    private sealed class Files
    {
        private readonly string folder;
        private readonly string what;
        private readonly string usual;
        private readonly HashSet<string> names;
        private readonly ILookup<string, string> byStem;
        private readonly Lazy<ILookup<string, string>> byLikeness;

        private Files(string path, string what, string usual, IEnumerable<string> files)
        {
            folder = path;
            this.what = what;
            this.usual = usual;
            names = new(files, StringComparer.Ordinal);
            byStem = names.Where(ImageHeader.HasEnding)
                .ToLookup(name => ImageHeader.StemOf(name)!, StringComparer.Ordinal);
            byLikeness = new(() => names.ToLookup(
                name => NearestName.Likeness(Path.GetFileNameWithoutExtension(name)), StringComparer.Ordinal));
        }

        /// <param name="path">The folder.</param>
        /// <param name="what">What its files are: image or label.</param>
        /// <param name="usual">The ending that its files have by VOC's rules.</param>
        /// <param name="listFile">The list that names its files, for the message.</param>
        /// <exception cref="DatasetException">There is no such folder, or it may not be read.</exception>
        internal static Files Open(string path, string what, string usual, string listFile)
        {
            if (!Directory.Exists(path))
            {
                throw new DatasetException(
                    DatasetFault.NotFound, path,
                    $"there is no such folder; the {what}s of {listFile} should be in it.");
            }
            try
            {
                return new(path, what, usual, Directory.EnumerateFiles(path).Select(Path.GetFileName)!);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new DatasetException(
                    DatasetException.KindOf(error), path,
                    $"the folder of {what}s cannot be read: {error.Message} See to its permissions.", error);
            }
        }

        /// <summary>Whether there is a file for an id, by whatever ending.</summary>
        internal bool Has(string id) => names.Contains(id + usual) || byStem.Contains(id);

        /// <summary>The file of an id: the one with the usual ending, or the only one with another.</summary>
        /// <exception cref="DatasetException">There is none, or there are several.</exception>
        internal string Find(string id)
        {
            if (names.Contains(id + usual))
                return Path.Combine(folder, id + usual);
            string[] candidates = [.. byStem[id].Order(StringComparer.Ordinal)];
            return candidates switch
            {
                [var only] => Path.Combine(folder, only),
                [] => throw Missing(id),
                _ => throw new DatasetException(
                    DatasetFault.List, folder,
                    $"'{id}' has more than one {what} here: {string.Join(" and ", candidates)}; keep one of them.",
                    sampleId: id),
            };
        }

        private DatasetException Missing(string id)
        {
            var like = byLikeness.Value[NearestName.Likeness(id)].Order(StringComparer.Ordinal).FirstOrDefault();
            var hint = like is null
                ? ""
                : $"; there is '{like}', {NearestName.Difference(id, Path.GetFileNameWithoutExtension(like))}";
            return new(
                DatasetFault.NotFound, Path.Combine(folder, id + usual),
                $"'{id}' has no {what} here{hint}.", sampleId: id);
        }
    }
}
