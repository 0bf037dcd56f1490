namespace FcnTraining;

/// <summary>Which head the network has.</summary>
internal enum FcnHead
{
    Fcn32,
    Fcn8,
}

/// <summary>What a network has to be made with for saved weights to fit.</summary>
internal sealed record FcnShape(int Classes, int Width = ResNet18.FullWidth, FcnHead Head = FcnHead.Fcn32)
{
    public override string ToString() => $"{Head.ToString().ToLowerInvariant()}, width {Width}, {Classes} classes";
}
