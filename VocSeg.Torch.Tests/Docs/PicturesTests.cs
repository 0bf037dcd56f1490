using Pictures;
using SkiaSharp;

namespace VocSeg.Torch.Tests.Docs;

/// <summary>The pictures of README and docs are those that the command makes.</summary>
public sealed class PicturesTests
{
    // Another processor may round a blended pixel to the next of the 32 levels that a picture has.
    private const int Step = 9;

    [Fact]
    public void The_command_makes_the_pictures_that_are_there()
    {
        var folder = Path.GetDirectoryName(RepositoryFile.Require("docs/pictures/gallery.png"))!;
        var made = DocsPictures.Make().ToDictionary(file => file.Name, file => file.Png, StringComparer.Ordinal);
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'));
        Assert.Equal(made.Keys.Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
        foreach (var (name, png) in made)
        {
            using var one = SKBitmap.Decode(png);
            using var other = SKBitmap.Decode(Path.Combine(folder, name));
            Assert.Equal((name, one.Info.Size), (name, other.Info.Size));
            byte[] ours = one.Bytes, theirs = other.Bytes;
            Assert.Equal(ours.Length, theirs.Length);
            var most = ours.Zip(theirs, (a, b) => Math.Abs(a - b)).Max();
            Assert.True(most <= Step, $"{name} is {most} levels off; make it anew by ./build.sh pictures");
            Assert.InRange(ours.Zip(theirs).Count(pair => pair.First != pair.Second), 0, ours.Length / 1000);
        }
    }

    [Fact]
    public void They_stay_small()
    {
        var gallery = new FileInfo(RepositoryFile.Require("docs/pictures/gallery.png"));
        Assert.InRange(gallery.Length, 20_000, 300 * 1024);
        var strips = new DirectoryInfo(Path.Combine(gallery.DirectoryName!, "transforms")).GetFiles();
        Assert.InRange(strips.Sum(file => file.Length), 50_000, 600 * 1024);
    }
}
