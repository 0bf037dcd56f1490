namespace Options;

/// <summary>A line at the bottom of a terminal that is written over; on a pipe there is none.</summary>
internal static class StatusLine
{
    private const int MostColumns = 100;

    /// <summary>Shows a bar and a text behind it.</summary>
    internal static void Show(long done, long all, string text)
    {
        if (Console.IsOutputRedirected)
            return;
        var bar = new string('#', (int)(10 * done / all)).PadRight(10, '.');
        var line = $"[{bar}] {100 * done / all}%, {text}";
        // A line as wide as the terminal would break.
        Console.Write("\r" + line.PadRight(Width)[..Width]);
    }

    /// <summary>Prints a line that stays, in place of the status. A long one goes on in further lines.</summary>
    internal static void Print(string line) => Print(line, Console.Out);

    /// <summary>The same on the error stream.</summary>
    internal static void Warn(string line) => Print(line, Console.Error);

    /// <summary>The end of a path that would not fit in a line.</summary>
    internal static string Shorten(string path) =>
        path.Length <= MostColumns - 20 ? path : "..." + path[^(MostColumns - 23)..];

    private static void Print(string line, TextWriter to)
    {
        if (!Console.IsOutputRedirected)
            Console.Write("\r" + new string(' ', Width) + "\r");
        while (line.Length > MostColumns && line.LastIndexOf(' ', MostColumns) is > 2 and var blank)
        {
            to.WriteLine(line[..blank]);
            line = "  " + line[(blank + 1)..];
        }
        to.WriteLine(line);
    }

    private static int Width => Math.Max(0, Console.WindowWidth - 1);
}
