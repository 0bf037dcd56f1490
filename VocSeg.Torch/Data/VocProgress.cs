namespace VocSeg.Torch;

/// <summary>How far a long piece of work has come.</summary>
/// <param name="Done">Samples that are done.</param>
/// <param name="Total">Samples in all.</param>
public readonly record struct VocProgress(int Done, int Total);
