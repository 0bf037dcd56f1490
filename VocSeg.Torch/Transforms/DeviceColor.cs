using TorchSharp;
using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// Makes the images of a batch of levels, on the device: colours are changed, mixed to luma where images are gray, and
/// normalized, which takes no pass of its own where it can be a factor of another.
/// </summary>
internal sealed class DeviceColor : IDisposable
{
    private readonly BatchForm form;
    private readonly Device device;
    private readonly Tensor scale;
    private readonly Tensor bias;
    private readonly Tensor black;
    private readonly Tensor white;
    private readonly Tensor luma;
    // A Scalar that only a call holds may be finalized while libtorch reads it.
    private readonly Scalar one = 1;

    internal DeviceColor(BatchForm form, Device device)
    {
        (this.form, this.device) = (form, device);
        using var scope = NewDisposeScope();
        scale = scope.Detach(Channels(channel => form.Scale[channel]));
        bias = scope.Detach(Channels(channel => form.Bias[channel]));
        // Colours are clamped before gray levels are normalized, and after the others are.
        black = scope.Detach(Channels(channel => Normalized(channel, 0)));
        white = scope.Detach(Channels(channel => Normalized(channel, 255)));
        var (factor, more) = (form.Scale[0], form.Bias[0]);
        float[] weights =
        [
            ColorMatrix.LumaOfRed * factor, ColorMatrix.LumaOfGreen * factor, ColorMatrix.LumaOfBlue * factor, more,
        ];
        luma = scope.Detach(tensor(weights, ScalarType.Float32, device).view(1, 4, 1, 1, 1));

        Tensor Channels(Func<int, float> value) =>
            tensor([value(0), value(1), value(2)], ScalarType.Float32, device).view(1, 3, 1, 1);
    }

    /// <summary>The images of samples whose colours stay as they are.</summary>
    /// <param name="levels">(samples, 3, height, width): red, green and blue from 0 to 255, bytes or float32.</param>
    /// <returns>float32 (samples, channels, height, width), in the caller's dispose scope.</returns>
    internal Tensor Image(Tensor levels)
    {
        using var scope = NewDisposeScope();
        // One pass that reads bytes and writes floats. A product and a sum would be three more over the floats.
        return scope.MoveToOuter(form.IsGray ? Mix(levels, luma) : bias.addcmul(levels, scale, one));
    }

    /// <summary>The images of samples.</summary>
    /// <param name="levels">(samples, 3, height, width): red, green and blue from 0 to 255, bytes or float32.</param>
    /// <param name="views">What becomes of their colours.</param>
    /// <returns>float32 (samples, channels, height, width), in the caller's dispose scope.</returns>
    internal Tensor Image(Tensor levels, ReadOnlySpan<WarpView> views)
    {
        if (!HaveColor(views))
            return Image(levels);
        using var scope = NewDisposeScope();
        var matrices = tensor(NumbersOf(views), ScalarType.Float32, device).view(views.Length, 4, 3, 1, 1);
        var image = Mix(levels, matrices).clamp_(black, white);
        return scope.MoveToOuter(form.IsGray ? Mix(image, luma) : image);
    }

    public void Dispose()
    {
        foreach (var tensor in new[] { scale, bias, black, white, luma })
            tensor.Dispose();
        one.Dispose();
    }

    /// <summary>Sums of the channels by weights of each sample; the fourth one is added.</summary>
    // Not by a product of matrices, which a GPU may be set to compute in less than float32.
    private Tensor Mix(Tensor levels, Tensor weights) => weights.select(1, 3)
        .addcmul(levels.narrow(1, 0, 1), weights.select(1, 0), one)
        .addcmul_(levels.narrow(1, 1, 1), weights.select(1, 1), one)
        .addcmul_(levels.narrow(1, 2, 1), weights.select(1, 2), one);

    private float Normalized(int channel, float level) =>
        form.IsGray ? level : level * form.Scale[channel] + form.Bias[channel];

    private float[] NumbersOf(ReadOnlySpan<WarpView> views)
    {
        const int Numbers = 12;
        var numbers = new float[views.Length * Numbers];
        for (var i = 0; i < views.Length; i++)
        {
            var (red, green, blue, constant) = views[i].Color;
            var own = numbers.AsSpan(i * Numbers, Numbers);
            ReadOnlySpan<float> columns =
            [
                red.R, green.R, blue.R, red.G, green.G, blue.G, red.B, green.B, blue.B, constant.R, constant.G, constant.B,
            ];
            columns.CopyTo(own);
            for (var at = 0; at < Numbers && !form.IsGray; at++)
                own[at] = own[at] * form.Scale[at % 3] + (at < 9 ? 0 : form.Bias[at % 3]);
        }
        return numbers;
    }

    private static bool HaveColor(ReadOnlySpan<WarpView> views)
    {
        foreach (var view in views)
        {
            if (!view.Color.IsIdentity)
                return true;
        }
        return false;
    }
}
