namespace VocSeg.Torch;

/// <summary>Where a crop lies in an image. Its size is the data set's option.</summary>
/// <param name="Top">The first row, from 0.</param>
/// <param name="Left">The first pixel of a row, from 0.</param>
public readonly record struct CropWindow(int Top, int Left)
{
    /// <summary>
    /// The crop that a sample gets in an epoch. Every place where it fits is as likely as any other, and the same
    /// arguments always give the same place, on any machine and with any number of workers.
    /// </summary>
    /// <param name="size">The size of the image.</param>
    /// <param name="crop">The size of the crop; it must fit.</param>
    /// <param name="seed">The seed of the data set.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="index">The sample's index in the data set, from 0.</param>
    /// <returns>The crop's upper left corner.</returns>
    /// <exception cref="ArgumentException">The crop does not fit in the image.</exception>
    public static CropWindow Draw(ImageSize size, ImageSize crop, long seed, long epoch, long index)
    {
        if (!size.Holds(crop))
            throw new ArgumentException($"A crop of {crop} does not fit in an image of {size}.", nameof(crop));
        var random = new SampleRandom(seed, epoch, index);
        return new(random.Next(size.Height - crop.Height + 1), random.Next(size.Width - crop.Width + 1));
    }
}
