namespace VocSeg.Torch.Tests;

/// <summary>A headless Chromium or Chrome, where one is on the PATH.</summary>
internal static class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private static readonly string? Program = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>Opens a page and gives its document once it is loaded; skips the test without a browser.</summary>
    internal static string Open(string path)
    {
        Assert.SkipUnless(
            Program is not null,
            $"none of {string.Join(", ", Names)} is on the PATH (Debian: apt-get install chromium)");
        using var profile = new TempFolder();
        var (exitCode, document, error) = ChildProcess.Run(Program!, [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", "--hide-scrollbars",
            $"--user-data-dir={profile.Path}", "--dump-dom", new Uri(path).AbsoluteUri]);
        Assert.True(exitCode == 0, $"the browser ended with {exitCode}: {error}");
        return document;
    }
}
