using TorchSharp;
using static TorchSharp.torch;

namespace VocSeg.Torch.Tests;

/// <summary>Hides a square of each sample: the mean colour, and ignored (DeVries and Taylor, 2017).</summary>
internal sealed class CutOut(int side) : IBatchTransform
{
    private readonly Scalar hidden = 255;

    public (Tensor Image, Tensor Label, Tensor? Weight) Apply(BatchTransformInput batch)
    {
        for (var sample = 0; sample < batch.Count; sample++)
        {
            var random = batch.SampleRandom[sample];
            var top = random.Next((int)batch.Image.shape[2] - side + 1);
            var left = random.Next((int)batch.Image.shape[3] - side + 1);
            batch.Image[sample].narrow(1, top, side).narrow(2, left, side).zero_();
            batch.Label[sample].narrow(0, top, side).narrow(1, left, side).fill_(hidden);
        }
        return batch.Tensors;
    }
}
