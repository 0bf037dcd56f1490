using VocSeg.Torch;
using static TorchSharp.torch;

namespace FcnTraining;

/// <summary>Says of every pixel of a photo, whatever its size, which class it is.</summary>
internal sealed class Predictor(Fcn model, Device device, Normalization normalization)
{
    /// <param name="rgba">Rows without padding, four bytes a pixel.</param>
    /// <param name="height">Rows of pixels.</param>
    /// <param name="width">Pixels in a row.</param>
    internal byte[] Classes(byte[] rgba, int height, int width)
    {
        model.eval();
        using var scope = NewDisposeScope();
        using var constant = no_grad();
        var pixels = tensor(rgba, ScalarType.Byte).to(device).view(height, width, 4);
        var mean = tensor(normalization.Mean.ToArray()).to(device).view(3, 1, 1);
        var std = tensor(normalization.Std.ToArray()).to(device).view(3, 1, 1);
        var image = ((pixels.narrow(2, 0, 3).permute(2, 0, 1).to(ScalarType.Float32) / 255) - mean) / std;
        return model.call(image.unsqueeze(0)).argmax(1).to(ScalarType.Byte).cpu().data<byte>().ToArray();
    }
}
