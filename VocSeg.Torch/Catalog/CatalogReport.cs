using System.Collections.Immutable;

namespace VocSeg.Torch;

/// <summary>What <see cref="SampleCatalog.Verify(string, string, SampleCatalogOptions?, SegmentationPalette?, IProgress{ValueTuple{int, int}}?, CancellationToken)"/> found.</summary>
/// <param name="ListFile">The list file that names the samples.</param>
/// <param name="Checked">How many samples were looked at.</param>
/// <param name="Findings">What is wrong, in the order of the list; at most one of each file.</param>
public sealed record CatalogReport(string ListFile, int Checked, ImmutableArray<CatalogFinding> Findings)
{
    /// <summary>Whether nothing is wrong.</summary>
    public bool IsSound => Findings.IsEmpty;
}
