namespace VocSeg.Torch;

/// <summary>Something that is wrong with a sample.</summary>
/// <param name="Id">The id of the sample.</param>
/// <param name="Path">The file that is at fault.</param>
/// <param name="Message">The file, what is wrong with it, and what to do about it.</param>
public sealed record CatalogFinding(string Id, string Path, string Message);
