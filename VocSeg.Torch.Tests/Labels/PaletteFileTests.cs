using System.Text;

namespace VocSeg.Torch.Tests.Labels;

/// <summary>Palettes from labelmap.txt, CSV and JSON, and what is said of a wrong file.</summary>
public sealed class PaletteFileTests : IDisposable
{
    private static readonly SegmentationPalette Expected =
        new([new(0, 0, 0), new(250, 50, 83), new(51, 221, 255)], ["background", "road", "car"]);

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("labelmap.txt", "# label:color_rgb:parts:actions\nbackground:0,0,0::\nroad:250,50,83::\ncar:51,221,255::\n")]
    [InlineData("labelmap.txt", "\r\n# a comment\r\nbackground:0, 0, 0:hand,foot:run\r\n\r\n road : 250,50,83::\r\ncar:51,221,255")]
    [InlineData("any.names", "background:0,0,0\nroad:250,50,83\ncar:51,221,255")]
    [InlineData("a.csv", "name,r,g,b\nbackground,0,0,0\nroad,250,50,83\ncar,51,221,255\n")]
    [InlineData("a.CSV", "b;id;Green;\"Red\";NAME\r\n0;7;0;0;background\r\n83;8;50;250;\"road\"\r\n255;9;221;51;car")]
    [InlineData("a.tsv", "name\tr\tg\tb\nbackground\t0\t0\t0\nroad\t250\t50\t83\ncar\t51\t221\t255")]
    [InlineData("a.csv", "r,g,b,name,class\n51,221,255,car,2\n0,0,0,background,0\n250,50,83,road,1")]
    [InlineData("a.json", """[{"name":"background","r":0,"g":0,"b":0},{"b":83,"g":50,"r":250,"name":"road"},{"name":"car","r":51,"g":221,"b":255}]""")]
    [InlineData("palette", """{"version":{"a":[1]},"classes":[{"name":"background","r":0,"g":0,"b":0,"more":[1,{"r":9}]},{"name":"road","r":250,"g":50,"b":83,},{"name":"car","r":51,"g":221,"b":255}],"z":null} // end""")]
    [InlineData("a.json", """[{"name":"car","r":51,"g":221,"b":255,"class":2},{"name":"background","r":0,"g":0,"b":0,"class":0},{"name":"road","r":250,"g":50,"b":83,"class":"1"}]""")]
    public void All_forms_give_the_same_palette(string name, string text)
    {
        Assert.Equal(Expected, Read(name, text));
        File.WriteAllText(folder[name], text, Encoding.Unicode);
        Assert.Equal(Expected, SegmentationPalette.FromFile(folder[name]));
        File.WriteAllText(folder[name], text, new UTF8Encoding(true));
        Assert.Equal(Expected, SegmentationPalette.FromFile(folder[name]));
    }

    [Fact]
    public void An_export_of_cvat_is_read_exactly_with_its_label_map_and_is_an_error_without()
    {
        using var tree = new VocTree();
        byte[] classes = [.. Enumerable.Range(0, 48 * 64).Select(i => (byte)(i / 5 % 3))];
        RgbColor ColorAt(int row, int column) => Expected.Colors[classes[row * 64 + column]];
        tree.Add("c0", 48, 64, ColorAt).WriteList("train", ["c0"]);
        var map = Path.Combine(tree.Root, "labelmap.txt");
        File.WriteAllText(map, "# label:color_rgb:parts:actions\nbackground:0,0,0::\nroad:250,50,83::\ncar:51,221,255::\n");
        var sample = tree.Open().Samples[0];
        Assert.Equal(classes, sample.ReadClassIndex(SegmentationPalette.FromFile(map)));
        var error = Assert.Throws<DatasetException>(() => sample.ReadClassIndex());
        Assert.Contains("(250, 50, 83), which the palette does not know", error.Message, StringComparison.Ordinal);
        Assert.True(tree.Open().Verify(SegmentationPalette.FromFile(map)).IsSound);
    }

    [Fact]
    public void Several_colours_of_a_class_and_colours_to_ignore_are_said_by_the_class_column()
    {
        var palette = Read("a.csv", "name,class,r,g,b\nroad,0,1,1,1\nlane,0,2,2,2\nvoid,ignore,0,0,0\ncar,1,3,3,3\nblur,Ignore,4,4,4\n");
        Assert.Equal(["road", "car"], palette.ClassNames);
        Assert.Equal([(new RgbColor(2, 2, 2), 0)], palette.FurtherColors);
        Assert.Equal([new(0, 0, 0), new(4, 4, 4)], palette.IgnoreColors);
        Assert.Equal(palette, Read("a.json", """
            [{"name": "road", "class": 0, "r": 1, "g": 1, "b": 1},
             {"name": "lane", "class": 0, "r": 2, "g": 2, "b": 2},
             {"name": "void", "class": "ignore", "r": 0, "g": 0, "b": 0},
             {"name": "car", "class": 1, "r": 3, "g": 3, "b": 3},
             {"name": "blur", "class": "ignore", "r": 4, "g": 4, "b": 4}]
            """));
        var rgb = PngWriter.Write(5, 1, PngWriter.Rgb, 8, [2, 2, 2, 1, 1, 1, 0, 0, 0, 3, 3, 3, 4, 4, 4]);
        Assert.Equal([0, 0, 255, 1, 255], DecodedLabels.Decode(palette, rgb, 5));
    }

    [Fact]
    public void Names_keep_what_csv_puts_in_quotes()
    {
        var palette = Read("a.csv", "name,r,g,b\n\"a, \"\"b\"\"\",1,2,3\n#1,4,5,6\nä,7,8,9\n");
        Assert.Equal(["a, \"b\"", "#1", "ä"], palette.ClassNames);
    }

    [Theory]
    [InlineData("labelmap.txt", "a:1,2,3::\na:4,5,6::", 2, "name 'a' stands in line 1")]
    [InlineData("labelmap.txt", "# x\na:1,2,3::\n\nb:1,2,3::", 4, "colour (1, 2, 3) stands in line 2")]
    [InlineData("labelmap.txt", "a:1,2,3::\nb:::", 2, "name:r,g,b:parts:actions")]
    [InlineData("labelmap.txt", "a:1,2::", 1, "name:r,g,b:parts:actions")]
    [InlineData("labelmap.txt", "a:b:1,2,3::", 1, "name:r,g,b:parts:actions")]
    [InlineData("labelmap.txt", "a:1,2,256::", 1, "blue is '256'")]
    [InlineData("labelmap.txt", "a:1,-2,3::", 1, "green is '-2'")]
    [InlineData("labelmap.txt", "a:x,2,3::", 1, "red is 'x'")]
    [InlineData("labelmap.txt", " :1,2,3::", 1, "no name")]
    [InlineData("a.csv", "name,r,g\na,1,2", 1, "column 'b'")]
    [InlineData("a.csv", "name,r,g,b,red\na,1,2,3,4", 1, "column 'r'")]
    [InlineData("a.csv", "a,1,2,3", 1, "column 'name'")]
    [InlineData("a.csv", "name,r,g,b\na,1,2,3\nb,c,4,5,6", 3, "5 columns")]
    [InlineData("a.csv", "name,r,g,b\n\"a,1,2,3", 2, "double quote")]
    [InlineData("a.csv", "name,r,g,b\na,1,2,3\nb,4,5,", 3, "blue is ''")]
    [InlineData("a.csv", "name,r,g,b\na,1,2,3\nb,1.5,2,3", 3, "red is '1.5'")]
    [InlineData("a.csv", "name,r,g,b,class\na,1,2,3,0\nb,4,5,6,2", 3, "'b' has a class number above 1")]
    [InlineData("a.csv", "name,r,g,b,class\na,1,2,3,254", 2, "class is '254'")]
    [InlineData("a.csv", "name,r,g,b,class\na,1,2,3,", 2, "class is ''")]
    [InlineData("a.csv", "name,r,g,b,class\na,1,2,3,ignore", 2, "0 classes")]
    [InlineData("a.json", "[\n{\"name\":\"a\",\"r\":1,\"g\":2,\"b\":3},\n\n{\"name\":\"b\",\"r\":1,\"g\":2}]", 4, "no blue")]
    [InlineData("a.json", "[{\"name\":\"a\",\"r\":1,\"g\":2,\"b\":true}]", 1, "no blue")]
    [InlineData("a.json", "[{\"name\":\"a\",\"r\":1,\"g\":2,\"b\":3,\"class\":0},\n{\"name\":\"b\",\"r\":1,\"g\":2,\"b\":4}]", 2, "for some colours only")]
    [InlineData("a.json", "[{\"name\":\"a\",\"r\":1,\"g\":2,\"b\":3},\n7]", 2, "a class is an object")]
    [InlineData("a.json", "{\"names\":[]}", 1, "no array of classes")]
    [InlineData("a.json", "\"a\"", 1, "no array of classes")]
    [InlineData("a.json", "[{\"name\":\"a\",\n\"r\":1,,}]", 2, "no JSON")]
    [InlineData("a.json", "[{\"name\":\"a\",\"r\":1,\"g\":2,\"b\":3}", 1, "no JSON")]
    [InlineData("a.json", "[{\"name\":\"a\",\"r\":1,\"g\":2,\"b\":3}]\n]", 2, "no JSON")]
    [InlineData("a.json", " ", 1, "no JSON")]
    public void A_wrong_line_is_named_with_the_file_and_what_to_do(string name, string text, int line, string what)
    {
        var error = Fault(name, text);
        Assert.Equal(DatasetFault.List, error.Fault);
        Assert.StartsWith($"{folder[name]}: line {line}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.txt", "", "empty")]
    [InlineData("a.txt", "# label:color_rgb:parts:actions\n", "names no class")]
    [InlineData("a.csv", "name,r,g,b\n", "names no class")]
    [InlineData("a.csv", "\n", "names no class")]
    [InlineData("a.json", "{\"classes\":[]}", "names no class")]
    public void A_file_without_classes_is_an_error(string name, string text, string what)
    {
        var error = Fault(name, text);
        Assert.Equal(DatasetFault.List, error.Fault);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_classes_are_counted()
    {
        var lines = string.Concat(Enumerable.Range(0, 255).Select(i => $"c{i}:{i},0,0::\n"));
        Assert.Contains("line 255: the file has 255 classes", Fault("labelmap.txt", lines).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_read_says_why()
    {
        var missing = Assert.Throws<DatasetException>(() => SegmentationPalette.FromFile(folder["no.txt"]));
        Assert.Equal((DatasetFault.NotFound, folder["no.txt"]), (missing.Fault, missing.Path));
        Assert.Equal(DatasetFault.NotFound, Assert.Throws<DatasetException>(() => SegmentationPalette.FromFile(folder.Path)).Fault);
        File.WriteAllBytes(folder["latin.txt"], [.. "caf"u8, 0xE9, .. ":1,2,3::"u8]);
        Assert.Contains("UTF-8", Assert.Throws<DatasetException>(() => SegmentationPalette.FromFile(folder["latin.txt"])).Message, StringComparison.Ordinal);
        File.WriteAllBytes(folder["large.txt"], new byte[(1 << 20) + 1]);
        Assert.Contains("1048577 bytes", Assert.Throws<DatasetException>(() => SegmentationPalette.FromFile(folder["large.txt"])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SegmentationPalette.FromFile(""));
    }

    private SegmentationPalette Read(string name, string text)
    {
        File.WriteAllText(folder[name], text);
        return SegmentationPalette.FromFile(folder[name]);
    }

    private DatasetException Fault(string name, string text) => Assert.Throws<DatasetException>(() => Read(name, text));
}
