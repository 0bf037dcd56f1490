using SkiaSharp;
using TorchSharp;

namespace VocSeg.Torch.Tests.SystemBackend.Parity;

/// <summary>
/// The lists beside this file hold the members of the real packages that the stand-ins have. Over the stand-ins the test says that they
/// have nothing else; over the packages, that each of these members is really there.
/// </summary>
public sealed class ApiParityTests
{
    [Fact]
    public void TorchSharp_has_the_listed_members() => RequireParity("TorchSharp", typeof(torch));

    [Fact]
    public void SkiaSharp_has_the_listed_members() => RequireParity("SkiaSharp", typeof(SKCodec));

    [Fact]
    public void A_member_is_listed_with_access_parameters_and_defaults()
    {
        var lines = PublicApi.Of(typeof(VocCatalog).Assembly.Location);
        Assert.Contains(
            "static VocSeg.Torch.VocCatalog.Open(String root, String split, VocSeg.Torch.VocCatalogOptions options = null, System.IProgress`1<VocSeg.Torch.VocProgress> progress = null, System.Threading.CancellationToken cancellationToken = null) : VocSeg.Torch.VocCatalog",
            lines);
        Assert.Contains("VocSeg.Torch.VocSegDataset extends TorchSharp.torch.utils.data.Dataset", lines);
        Assert.Contains("protected VocSeg.Torch.VocSegDataset.Dispose(Boolean disposing) : Void", lines);
        Assert.Contains("static field VocSeg.Torch.UnknownColor.Error : VocSeg.Torch.UnknownColor = 2", lines);
        Assert.DoesNotContain(lines, line => line.Contains("SampleReader", StringComparison.Ordinal));
    }

    private static void RequireParity(string package, Type member)
    {
        var listed = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "SystemBackend", "Parity", package + ".api.txt")).ToHashSet(StringComparer.Ordinal);
        var present = PublicApi.Of(member.Assembly.Location);
        Assert.NotEmpty(listed);
        Assert.Empty(listed.Except(present));
        if (IsStandIn(member))
            Assert.Empty(present.Except(listed));
    }

    private static bool IsStandIn(Type member) =>
        member.Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyMetadataAttribute), inherit: false)
            .Cast<System.Reflection.AssemblyMetadataAttribute>().Any(attribute => attribute.Key == "StandIn");
}
