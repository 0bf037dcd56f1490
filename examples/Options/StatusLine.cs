namespace Options;

/// <summary>A line at the bottom of a terminal that is written over; on a pipe there is none.</summary>
internal static class StatusLine
{
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

    /// <summary>Prints a line that stays, in place of the status.</summary>
    internal static void Print(string line)
    {
        if (!Console.IsOutputRedirected)
            Console.Write("\r" + new string(' ', Width) + "\r");
        Console.WriteLine(line);
    }

    private static int Width => Math.Max(0, Console.WindowWidth - 1);
}
