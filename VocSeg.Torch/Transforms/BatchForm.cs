using System.Collections.Immutable;

namespace VocSeg.Torch;

/// <summary>What the images of a batch hold.</summary>
public enum ImageChannels
{
    /// <summary>Red, green and blue: shape (batch, 3, height, width).</summary>
    Rgb,

    /// <summary>
    /// Luma, 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601), not rounded: shape (batch, 1, height, width). Its
    /// mean and standard deviation are those of the normalization's channels, weighted in the same way.
    /// </summary>
    Gray,
}

/// <summary>What the labels of a batch hold.</summary>
public enum LabelForm
{
    /// <summary>
    /// The class index of every pixel: int64, shape (batch, height, width), as cross entropy wants it.
    /// </summary>
    ClassIndex,

    /// <summary>
    /// 1 where a pixel is of class 1, else 0: float32, shape (batch, 1, height, width), as binary cross entropy wants
    /// it. The palette must have two classes. <see cref="VocSegBatch.Weight"/> is 0 where a pixel is ignored and 1
    /// elsewhere; give it to the loss as its weight.
    /// </summary>
    Mask,
}

/// <summary>How a batch's numbers follow from colours and class indices.</summary>
internal sealed class BatchForm
{
    internal BatchForm(VocSegDatasetOptions options)
    {
        IsGray = options.Channels == ImageChannels.Gray;
        IsMask = options.LabelForm == LabelForm.Mask;
        IgnoreIndex = options.Palette.IgnoreIndex;
        var normalization = IsGray ? Gray(options.Normalization) : options.Normalization;
        (Scale, Bias) = (normalization.Scale, normalization.Bias);
        if (IsMask && options.Palette.ClassCount != 2)
        {
            throw new ArgumentException(
                $"LabelForm.Mask needs a palette of two classes; this one has {options.Palette.ClassCount}. Take "
                + "LabelForm.ClassIndex, or a palette such as SegmentationPalette.FromNames(\"background\", \"cell\").",
                nameof(options));
        }
    }

    internal bool IsGray { get; }

    internal bool IsMask { get; }

    internal byte IgnoreIndex { get; }

    /// <summary>Channels of an image.</summary>
    internal int Channels => IsGray ? 1 : 3;

    /// <summary>What a level of 0 to 255 is multiplied by; three equal numbers for gray.</summary>
    internal ImmutableArray<float> Scale { get; }

    /// <summary>What is added then.</summary>
    internal ImmutableArray<float> Bias { get; }

    /// <summary>The bytes of a pixel of an image.</summary>
    internal int ImageBytes => Channels * sizeof(float);

    /// <summary>The bytes of a pixel of a label, and of its weight.</summary>
    internal int LabelBytes => sizeof(long);

    /// <summary>The normalization of the luma of colours, in all three channels.</summary>
    internal static Normalization Gray(Normalization colors)
    {
        var (mean, std) = (Luma(colors.Mean), Luma(colors.Std));
        return new([mean, mean, mean], [std, std, std]);

        static float Luma(ImmutableArray<float> values) => (float)(
            ColorMatrix.LumaOfRed * (double)values[0]
            + ColorMatrix.LumaOfGreen * (double)values[1]
            + ColorMatrix.LumaOfBlue * (double)values[2]);
    }
}
