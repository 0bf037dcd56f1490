using System.Globalization;
using Throughput;

namespace VocSeg.Torch.Tests.Docs;

public sealed class ReadMeTests
{
    [Fact]
    public void It_is_short() => Assert.InRange(MarkdownPage.ReadMe.LineCount, 60, 130);

    [Fact]
    public void Its_throughput_is_that_of_the_report()
    {
        var readme = File.ReadAllText(RepositoryFile.Require("README.md"));
        var report = File.ReadAllText(RepositoryFile.Require("benchmarks/RESULTS.md"));
        var made = ReadMeTable.Insert(readme, report);
        Assert.True(made == readme, "README.md has not the figures of benchmarks/RESULTS.md; run ./build.sh readme");
    }

    [Fact]
    public void The_table_takes_the_fastest_of_each_kind_and_leaves_out_what_was_not_measured()
    {
        const string Report = """
            # Throughput

            - A processor, 2 cores, 23 GiB
            - Python 3.11.2, torch 1.13; labels by decode_png

            | 4:2:0 images                                | images/s | least - most |
            | ------------------------------------------- | -------- | ------------ |
            | **VocSegDataLoader**, 16 workers            | 1788     | 1776 - 1821  |
            | VocSegDataLoader, 1 worker                  | 952      | 848 - 964    |
            | **VocSegDataLoader**, host cache, 2 workers | 11949    | 11659 - 17777|
            | torchvision VOC + PIL, 2 workers            | 365      | 230 - 380    |
            | v2 over pairs, floats of a batch, 2 workers | -        | left out     |
            | torchvision.io, crop first, 4 workers       | 377      | 265 - 361    |

            | steadiness | median | least - most |
            | ---------- | ------ | ------------ |
            | wait, ms   | 1      | 1 - 1        |

            """;
        const string Marks =
            "# Name\n<!-- throughput, by ./build.sh readme -->\nold\n<!-- end of throughput -->\nrest\n";
        Assert.Equal(
            """
            # Name
            <!-- throughput, by ./build.sh readme -->
            Measured on A processor, 2 cores; Python 3.11.2, torch 1.13.

            | images/s | 4:2:0 images |
            |---|---:|
            | **VocSegDataLoader** | **1788** |
            | **VocSegDataLoader, host cache** | **11949** |
            | torchvision, its fastest way, workers kept alive | 377 |
            <!-- end of throughput -->
            rest

            """,
            ReadMeTable.Insert(Marks, Report));
        Assert.Throws<InvalidDataException>(() => ReadMeTable.Insert("# Name\n", Report));
    }

    [Fact]
    public void Its_example_trains_evaluates_and_goes_on_where_it_ended()
    {
        using TinySet set = new(samples: 8);
        using TempFolder folder = new();
        var example = MarkdownPage.ReadMe.Snippets.First();
        string[] Run() => SnippetProgram.Run(example, folder.Path, set.Root);

        var lines = Run();
        Assert.Equal(3, lines.Length);
        var scores = lines.Select(line => double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture)).ToArray();
        Assert.All(scores, score => Assert.InRange(score, 0.001, 1));
        // All epochs are done.
        Assert.Equal([""], Run());
        var state = Path.Combine(folder.Path, "state.json");
        var saved = File.ReadAllText(state);
        File.WriteAllText(state, saved.Replace("\"Epoch\":3", "\"Epoch\":2", StringComparison.Ordinal));
        Assert.StartsWith("epoch 3", Assert.Single(Run()), StringComparison.Ordinal);
    }
}
