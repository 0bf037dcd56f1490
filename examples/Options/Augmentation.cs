using System.Collections.Immutable;
using VocSeg.Torch;

namespace Options;

/// <summary><c>--augment</c>: how much samples are varied from epoch to epoch.</summary>
internal enum Augmentation
{
    /// <summary>A crop at random, as in the textbook; samples that are smaller are left out.</summary>
    None,

    /// <summary>Scaled a little, cropped, flipped.</summary>
    Basic,

    /// <summary>What MMSegmentation trains with on VOC.</summary>
    Strong,
}

/// <summary>The lists of transforms.</summary>
internal static class AugmentationList
{
    internal static ImmutableArray<SampleTransform> For(this Augmentation augmentation, ImageSize crop) =>
        augmentation switch
        {
            Augmentation.Basic =>
                [new RandomScale(0.75, 1.25), new PadIfSmaller(crop), new RandomCrop(crop), new RandomHorizontalFlip()],
            Augmentation.Strong =>
            [
                new RandomScale(0.5, 2),
                new PadIfSmaller(crop),
                new RandomCrop(crop, CatMaxRatio: 0.75),
                new RandomHorizontalFlip(),
                new PhotometricDistortion(),
            ],
            _ => [new RandomCrop(crop)],
        };
}
