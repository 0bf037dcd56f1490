namespace VocSeg.Torch;

/// <summary>
/// Finds samples for the places of those that cannot be read. Which ones follows from the seed, the epoch and the place
/// in the epoch, and from the size of whole samples' batches: from nothing that a worker or rank must be told. Any
/// number of threads may use it.
/// </summary>
internal sealed class Replacement(SampleSource source, VocSegDataLoaderOptions options)
{
    private const ulong Stream = 3;

    // Half of all samples may be bad, and all of these draws fail once in 10^30.
    private const int MostDraws = 100;

    // A batch of whole samples has its size before any is decoded. Beyond so many draws, one that is too large is cut.
    private const int DrawsThatFit = 20;

    internal bool MaySkip(DatasetException error) => options.OnError.MaySkip(error);

    /// <summary>Fills a place with another sample.</summary>
    /// <param name="planned">The sample that cannot be read.</param>
    /// <param name="error">Why.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="place">The place in the epoch.</param>
    /// <param name="frame">The size of the batch.</param>
    /// <param name="fill">Fills the place, or throws.</param>
    /// <returns>Every sample that was tried and is bad, <paramref name="planned"/> first.</returns>
    /// <exception cref="DatasetException">No sample that was drawn can be read.</exception>
    internal List<SkippedSample> Fill(
        PlannedSample planned, DatasetException error, long epoch, int place, ImageSize frame,
        Action<PlannedSample> fill)
    {
        var (skipped, errors) = (new List<SkippedSample>(), new List<DatasetException>());
        Add(planned, error);
        var random = new SampleRandom(source.Seed, epoch, place, stream: Stream);
        for (var draw = 0; draw < MostDraws; draw++)
        {
            var other = PlannedSample.For(place, options.Sampling.Draw(ref random, source.Samples.Count));
            if ((draw < DrawsThatFit && !Fits(other, epoch, frame)) || skipped.Exists(bad => bad.Index == other.Index))
                continue;
            try
            {
                fill(other);
                return skipped;
            }
            catch (DatasetException fault) when (MaySkip(fault))
            {
                Add(other, fault);
            }
        }
        throw DatasetException.All(
            errors, $"The sample at place {place} of epoch {epoch}, and what was drawn to take that place,");

        void Add(PlannedSample bad, DatasetException why)
        {
            errors.Add(why);
            skipped.Add(new(
                source.Samples[bad.Index].Id, bad.Index, why.Path, why.Fault, why.Message, epoch, place));
        }
    }

    private bool Fits(PlannedSample sample, long epoch, ImageSize frame)
    {
        if (source.Options.Chain.FixedSize is not null)
            return true;
        var size = source.Draw(sample, epoch).Geometry.Output;
        return size.Height <= frame.Height && size.Width <= frame.Width;
    }
}
