using static TorchSharp.torch;

namespace VocSeg.Torch.Tests;

/// <summary>Puts a part of each sample's neighbour into its place (Yun et al., 2019); labels follow.</summary>
internal sealed class CutMix : IBatchTransform
{
    public (Tensor Image, Tensor Label, Tensor? Weight) Apply(BatchTransformInput batch)
    {
        var (height, width) = ((int)batch.Label.shape[1], (int)batch.Label.shape[2]);
        var share = Math.Sqrt(batch.Random.NextDouble());
        var (rows, columns) = ((int)(height * share), (int)(width * share));
        var (top, left) = (batch.Random.Next(height - rows + 1), batch.Random.Next(width - columns + 1));
        var isMixed = zeros(height, width, ScalarType.Bool, batch.Label.device);
        isMixed.narrow(0, top, rows).narrow(1, left, columns).logical_not_();
        var (image, label) = (batch.Image.roll(1, 0), batch.Label.roll(1, 0));
        return (where(isMixed, image, batch.Image), where(isMixed, label, batch.Label), null);
    }
}
