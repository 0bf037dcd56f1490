using System.Text.RegularExpressions;

namespace VocSeg.Torch;

/// <summary>
/// The names of images or labels below a folder: <c>{id}</c> stands for what an image and its label have in common,
/// <c>*</c> for a text within one name. Paths are relative to the folder and have / between folders.
/// </summary>
internal sealed class FolderPattern
{
    private const string Id = "{id}";
    private const string Star = "*";
    private const string AnyEnding = ".*";

    // What the pattern says after the folder and before the ending: texts, with Id and Star between them.
    private readonly string[] parts;
    private readonly Regex regex;
    private readonly string ending;

    private FolderPattern(string text, string folder, string tail)
    {
        Text = text;
        Folder = folder;
        ending = EndingOf(tail);
        var stem = tail.EndsWith(AnyEnding, StringComparison.Ordinal) ? tail[..^2] : tail[..^ending.Length];
        parts = Split(stem);
        // The shortest text for a star, the longest for the id: '*_{id}' alone does not say where the star ends.
        var groups = parts.Select(part => part switch
        {
            Id => "(.+)",
            Star => "([^/]+?)",
            _ => Regex.Escape(part),
        });
        regex = new($@"^{string.Concat(groups)}\z", RegexOptions.NonBacktracking | RegexOptions.Singleline);
    }

    /// <summary>The pattern as a full path.</summary>
    internal string Text { get; }

    /// <summary>The deepest folder that holds all of the files.</summary>
    internal string Folder { get; }

    private int Stars => parts.Count(part => part == Star);

    /// <exception cref="ArgumentException">It is empty or has * without {id}, or more than one {id}.</exception>
    internal static FolderPattern Parse(string text, string argument)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, argument);
        var slashed = text.Replace(Path.DirectorySeparatorChar, '/');
        var ids = slashed.Split(Id).Length - 1;
        var hasStar = slashed.Contains(Star, StringComparison.Ordinal);
        if (ids > 1 || (ids == 0 && hasStar))
        {
            throw new ArgumentException(
                $"'{text}' holds {{id}} {ids} times; it stands once in a pattern, for what an image and its label have "
                + "in common, such as images/{id}.png.",
                argument);
        }
        if (slashed.Contains("**", StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"'{text}' holds **; a * stands for one name, and {{id}} may span folders.", argument);
        }
        if (ids == 0)
        {
            var plain = Path.TrimEndingDirectorySeparator(Path.GetFullPath(text));
            return new(plain, plain, Id);
        }
        var first = slashed.IndexOf(Id, StringComparison.Ordinal);
        if (hasStar)
            first = Math.Min(first, slashed.IndexOf('*', StringComparison.Ordinal));
        var start = slashed.LastIndexOf('/', first) + 1;
        var folder = Path.GetFullPath(start == 0 ? "." : text[..start]);
        var tail = slashed[start..];
        return new(FolderFiles.Below(folder, tail), Path.TrimEndingDirectorySeparator(folder), tail);
    }

    /// <exception cref="ArgumentException">This pattern has not as many * as the images'.</exception>
    internal void RequireStarsOf(FolderPattern images, string argument)
    {
        if (Stars == images.Stars)
            return;
        throw new ArgumentException(
            $"The labels' {Text} has {Stars} *, the images' {images.Text} has {images.Stars}; each * of one stands for "
            + "the same text in the other. {id} may span folders, and so take the place of */{id}.",
            argument);
    }

    /// <summary>What a path has in the places of the pattern; null where it is none of its files.</summary>
    internal FolderMatch? Match(string path)
    {
        var stem = path[..^Path.GetExtension(path).Length];
        if (!HasEnding(path) || regex.Match(stem) is not { Success: true } match)
            return null;
        var texts = match.Groups.Values.Skip(1).ToArray();
        // The parts that are no plain text are the groups, in this order.
        var id = texts[parts.Where(part => part is Id or Star).TakeWhile(part => part != Id).Count()];
        return new(
            stem[texts[0].Index..(id.Index + id.Length)],
            id.Value,
            [.. texts.Where(text => text != id).Select(text => text.Value)]);
    }

    /// <summary>The pattern without its ending, to find the nearest file where none matches.</summary>
    internal string Example => string.Concat(parts);

    /// <summary>The files that this pattern has for the match of the other.</summary>
    internal IEnumerable<string> Candidates(FolderMatch match, FolderFiles files) =>
        files.WithStem(StemOf(match)).Where(HasEnding);

    /// <summary>The label of a match: the one with the very ending of the pattern, or the only one.</summary>
    /// <param name="match">The match of the image.</param>
    /// <param name="files">The files of this pattern's folder.</param>
    /// <param name="explain">Whether the error names the nearest file.</param>
    /// <exception cref="DatasetException">There is none, or there are several.</exception>
    internal string Find(FolderMatch match, FolderFiles files, bool explain)
    {
        var stem = StemOf(match);
        string[] candidates = [.. Candidates(match, files)];
        if (candidates.Contains(stem + ending, StringComparer.Ordinal))
            candidates = [stem + ending];
        return candidates switch
        {
            [var only] => FolderFiles.Below(Folder, only),
            [] => throw new DatasetException(
                DatasetFault.NotFound, FolderFiles.Below(Folder, stem + (ending.Length > 0 ? ending : ".png")),
                $"'{match.Id}' has no label here{(explain ? files.Nearest(stem) : "")}.", sampleId: match.Id),
            _ => throw Several(match.Id, "label", candidates),
        };
    }

    /// <summary>The error where an id has more than one file.</summary>
    internal DatasetException Several(string id, string what, IEnumerable<string> files) =>
        new(
            DatasetFault.List, Folder,
            $"'{id}' has more than one {what} here: {string.Join(" and ", files.Order(StringComparer.Ordinal))}; keep "
            + "one of them, or name the ending in the pattern.", sampleId: id);

    private static string[] Split(string stem)
    {
        var around = stem.Split(Star).SelectMany(text => new[] { Star, text }).Skip(1);
        return
        [
            .. around.SelectMany(text =>
                text.Split(Id) is [var before, var after] ? [before, Id, after] : new[] { text }),
        ];
    }

    private string StemOf(FolderMatch match)
    {
        var star = 0;
        return string.Concat(parts.Select(part => part switch
        {
            Id => match.Common,
            Star => match.Stars[star++],
            _ => part,
        }));
    }

    private bool HasEnding(string path) =>
        ending.Length > 0 ? path.EndsWith(ending, StringComparison.OrdinalIgnoreCase) : ImageHeader.HasEnding(path);

    /// <summary>The ending that the pattern asks for; empty where any of an image will do.</summary>
    private static string EndingOf(string tail)
    {
        var last = Math.Max(tail.LastIndexOf(Id, StringComparison.Ordinal) + Id.Length, tail.LastIndexOf('*') + 1);
        var extension = Path.GetExtension(tail[last..]);
        return extension.Length > 1 && char.IsAsciiLetter(extension[1]) ? extension : "";
    }
}

/// <summary>What a file has in the places of a pattern.</summary>
/// <param name="Id">The sample's id: from the first place to the end of <c>{id}</c>.</param>
/// <param name="Common">The text of <c>{id}</c>.</param>
/// <param name="Stars">The text of each <c>*</c>.</param>
internal sealed record FolderMatch(string Id, string Common, IReadOnlyList<string> Stars);
