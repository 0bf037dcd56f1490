namespace VocSeg.Torch.Tests.Eng;

/// <summary>The proof that a libtorch fits this TorchSharp.</summary>
public sealed class LibtorchProofTests
{
    [Fact]
    public void The_libtorch_of_these_tests_fits()
    {
        var (exitCode, output, _) = ExampleProcess.Run("LibtorchProof");
        Assert.Equal(0, exitCode);
        Assert.EndsWith("built against libtorch " + TorchSharp.torch.__version__, output[0], StringComparison.Ordinal);
        Assert.All(output[1..^1], line => Assert.StartsWith("right  ", line, StringComparison.Ordinal));
        Assert.Equal($"{output.Length - 2} of {output.Length - 2} known results are right", output[^1]);
        Assert.InRange(output.Length, 40, 200);
    }

    [Fact]
    public void A_file_that_is_no_libtorch_is_named()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["lib"]);
        string[] names = ["libtorch.so", "libtorch.dylib", "torch.dll"];
        foreach (var name in names)
            File.WriteAllText(folder["lib", name], "");
        Refuses(folder, "does not load", Path.Combine(folder.Path, "lib"));
    }

    [Fact]
    public void A_folder_without_libtorch_is_named_with_the_remedy()
    {
        using var folder = new TempFolder();
        Refuses(folder, "There is no " + Path.Combine(folder.Path, "lib"), "set LIBTORCH to");
    }

    private static void Refuses(TempFolder libtorch, params string[] words)
    {
        using var process = ChildProcess.StartExample("LibtorchProof", [], ("LIBTORCH", libtorch.Path));
        var (exitCode, output, error) = ChildProcess.Finish(process);
        Assert.Equal(1, exitCode);
        Assert.Empty(output);
        var line = Assert.Single(ChildProcess.Lines(error));
        Assert.All(words, word => Assert.Contains(word, line, StringComparison.Ordinal));
    }
}
