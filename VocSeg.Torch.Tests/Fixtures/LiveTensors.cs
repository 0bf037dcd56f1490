namespace VocSeg.Torch.Tests;

/// <summary>Tests that count live tensors or watch memory: nothing else may run beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LiveTensors
{
    public const string Name = "live tensors";
}
