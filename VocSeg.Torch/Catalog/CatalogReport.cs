using System.Collections.Immutable;

namespace VocSeg.Torch;

/// <summary>What <c>SampleCatalog.Verify</c> found.</summary>
/// <param name="Name">Where the samples come from, as <see cref="SampleCatalog.Name"/> says.</param>
/// <param name="Checked">
/// How many pairs of image and label were looked at. A pair of which there are several samples counts once.
/// </param>
/// <param name="Findings">What was found, in the order of the samples.</param>
public sealed record CatalogReport(string Name, int Checked, ImmutableArray<CatalogFinding> Findings)
{
    /// <summary>Whether nothing is wrong. Hints do not count.</summary>
    public bool IsSound => Findings.All(finding => finding.IsHint);
}

/// <summary>Something about a sample that its owner should know.</summary>
/// <param name="Id">The id of the sample.</param>
/// <param name="Path">The file that it is about.</param>
/// <param name="Message">The file, what is wrong with it, and what to do about it.</param>
/// <param name="Fault">The kind of fault.</param>
/// <param name="IsHint">Whether the sample can be used all the same.</param>
public sealed record CatalogFinding(string Id, string Path, string Message, DatasetFault Fault, bool IsHint = false);
