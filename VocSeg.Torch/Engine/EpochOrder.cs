namespace VocSeg.Torch;

/// <summary>The order in which an epoch visits the samples.</summary>
internal static class EpochOrder
{
    /// <summary>0 to count - 1, each once: as they stand, or shuffled by Fisher and Yates from the seed and the epoch.</summary>
    internal static int[] Create(int count, bool shuffle, long seed, long epoch)
    {
        var order = new int[count];
        for (var i = 0; i < count; i++)
            order[i] = i;
        if (shuffle)
        {
            var random = new SampleRandom(seed, epoch);
            for (var last = count - 1; last > 0; last--)
            {
                var other = random.Next(last + 1);
                (order[last], order[other]) = (order[other], order[last]);
            }
        }
        return order;
    }
}
