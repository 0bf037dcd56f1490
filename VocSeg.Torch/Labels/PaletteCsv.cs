using System.Text;

namespace VocSeg.Torch;

/// <summary>Reads the lines of a palette from CSV with a header (RFC 4180, but no line breaks in quotes).</summary>
internal static class PaletteCsv
{
    private const string Header =
        "the first line names the columns, and 'name', 'r', 'g' and 'b' are among them; such as name,r,g,b";

    internal static IReadOnlyList<PaletteFile.Entry> Read(string path, string text)
    {
        var lines = PaletteFile.Lines(text).ToArray();
        if (lines.Length == 0)
            return [];
        var (headerLine, header) = lines[0];
        // The separator that is there; a table of one column lacks the others anyhow.
        var separator = header.Contains(';') ? ';' : header.Contains('\t') ? '\t' : ',';
        var columns = Split(path, headerLine, header, separator);
        var name = Column("name", "name");
        var (red, green, blue) = (Column("r", "red"), Column("g", "green"), Column("b", "blue"));
        var group = columns.FindIndex(column => column.Equals("class", StringComparison.OrdinalIgnoreCase));

        var entries = new List<PaletteFile.Entry>();
        foreach (var (line, content) in lines.Skip(1))
        {
            var fields = Split(path, line, content, separator);
            if (fields.Count != columns.Count)
            {
                throw PaletteFile.Wrong(
                    path, line,
                    $"it has {fields.Count} columns, and the first line names {columns.Count}; a value with a "
                    + "separator in it stands in double quotes.");
            }
            entries.Add(new(
                line, fields[name], fields[red], fields[green], fields[blue], group < 0 ? null : fields[group]));
        }
        return entries;

        int Column(string brief, string full)
        {
            bool IsIt(string column) => column.Equals(brief, StringComparison.OrdinalIgnoreCase)
                || column.Equals(full, StringComparison.OrdinalIgnoreCase);
            return columns.FindIndex(IsIt) is >= 0 and var at && columns.FindLastIndex(IsIt) == at
                ? at
                : throw PaletteFile.Wrong(path, headerLine, $"there is not one column '{brief}': {Header}.");
        }
    }

    private static List<string> Split(string path, int line, string content, char separator)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var isQuoted = false;
        for (var at = 0; at < content.Length; at++)
        {
            var letter = content[at];
            if (letter == '"' && isQuoted && at + 1 < content.Length && content[at + 1] == '"')
            {
                field.Append('"');
                at++;
            }
            else if (letter == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (letter == separator && !isQuoted)
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
            }
            else
            {
                field.Append(letter);
            }
        }
        if (isQuoted)
            throw PaletteFile.Wrong(path, line, "a double quote is not closed; close it in the same line.");
        fields.Add(field.ToString().Trim());
        return fields;
    }
}
