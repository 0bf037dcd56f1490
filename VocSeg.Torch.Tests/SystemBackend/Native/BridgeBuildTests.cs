namespace VocSeg.Torch.Tests.SystemBackend.Native;

/// <summary>What the bridge's build makes of a libtorch folder: the compiler's command line tells.</summary>
public sealed class BridgeBuildTests : IDisposable
{
    private const string ApiFolder = "include/torch/csrc/api/include/torch/";

    private readonly LibtorchFolder libtorch = new();

    public void Dispose() => libtorch.Dispose();

    [Theory]
    [InlineData(1, 13, "c++17")]
    [InlineData(2, 6, "c++17")]
    [InlineData(2, 8, "c++17")]
    [InlineData(2, 11, "c++20")]
    [InlineData(3, 0, "c++20")]
    public void The_language_follows_the_version(int major, int minor, string standard)
    {
        libtorch.AddVersion(ApiFolder + "version.h", major, minor);
        Assert.Contains("-std=" + standard, libtorch.Build());
    }

    [Fact]
    public void The_version_is_found_where_its_header_includes_it_from()
    {
        libtorch.Add(ApiFolder + "version.h", "#include <torch/headeronly/version.h>");
        libtorch.AddVersion("include/torch/headeronly/version.h", 2, 11);
        Assert.Contains("-std=c++20", libtorch.Build());
    }

    [Theory]
    [InlineData("_ZN3c105ErrorC1ENSt7__cxx1112basic_string", "1")]
    [InlineData("_ZN3c105ErrorC1ESs", "0")]
    public void The_string_abi_is_libc10s_own(string symbol, string abi)
    {
        libtorch.AddVersion(ApiFolder + "version.h", 2, 6);
        // More symbols than a pipe holds.
        libtorch.AddLibc10(Enumerable.Range(0, 5000).Select(i => $"{symbol}_{i}"));
        Assert.Contains("-D_GLIBCXX_USE_CXX11_ABI=" + abi, libtorch.Build());
    }

    [Fact]
    public void Without_CUDA_none_is_linked()
    {
        libtorch.AddVersion(ApiFolder + "version.h", 2, 11);
        Assert.DoesNotContain("-ltorch_cuda", libtorch.Build());
    }

    [Fact]
    public void CUDA_is_linked_though_nothing_names_it_and_found_from_the_folder()
    {
        libtorch.AddVersion(ApiFolder + "version.h", 2, 11);
        libtorch.Add("lib/libtorch_cuda.so", "");
        var arguments = libtorch.Build();
        Assert.True(Array.IndexOf(arguments, "-Wl,--no-as-needed") is var kept && kept >= 0 && kept < Array.IndexOf(arguments, "-ltorch_cuda"));
        Assert.Contains("-lc10_cuda", arguments);
        Assert.Contains($"-Wl,-rpath,{libtorch.Folder}/lib", arguments);
    }

    [Fact]
    public void The_libraries_beside_Pythons_torch_are_found_and_the_ones_it_loads_early_are_linked()
    {
        libtorch.AddVersion(ApiFolder + "version.h", 2, 11);
        libtorch.Add("lib/libtorch_cuda.so", "");
        libtorch.Add("../nvidia/cu13/lib/libnvrtc.so.13", "");
        libtorch.Add("../nvidia/cu13/lib/libnvrtc-builtins.so.13.0", "");
        libtorch.Add("../nvidia/cudnn/lib/libcudnn.so.9", "");
        var beside = Path.Combine(Path.GetDirectoryName(libtorch.Folder)!, "nvidia");
        var arguments = libtorch.Build();
        Assert.Contains($"-Wl,-rpath,{beside}/cu13/lib", arguments);
        Assert.Contains($"-Wl,-rpath,{beside}/cudnn/lib", arguments);
        Assert.Equal([$"{beside}/cu13/lib/libnvrtc.so.13"], arguments.Where(a => a.StartsWith(beside, StringComparison.Ordinal)));
    }
}
