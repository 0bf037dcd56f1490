namespace VocSeg.Torch;

/// <summary>The samples that an epoch skipped, in the order of their places. Any thread may read it.</summary>
internal sealed class SkipLog
{
    private const int MostNamed = 10;
    private readonly object gate = new();
    private readonly List<SkippedSample> skipped = [];
    private readonly double samples;
    private readonly long most;
    private int places;
    private bool isTold;

    /// <param name="onError">What is done with bad samples.</param>
    /// <param name="samples">How many samples the whole epoch has; on several ranks, how many each has.</param>
    internal SkipLog(OnError onError, double samples) => (this.samples, most) = (samples, onError.MostOf(samples));

    /// <summary>What was skipped so far.</summary>
    internal SkippedSample[] Skipped
    {
        get
        {
            lock (gate)
                return [.. skipped];
        }
    }

    /// <summary>Takes in what was skipped for a batch. All entries of a place come with the same batch.</summary>
    internal void Add(IReadOnlyList<SkippedSample> ofBatch)
    {
        lock (gate)
        {
            skipped.AddRange(ofBatch);
            places += ofBatch.DistinctBy(sample => sample.Place).Count();
        }
    }

    /// <exception cref="DatasetException">More was skipped than may be.</exception>
    internal void RequireShare()
    {
        lock (gate)
        {
            if (places <= most)
                return;
            var first = skipped[0];
            throw new DatasetException(
                first.Fault, first.Path,
                $"{Told()} That is more than the {most} that OnError allows; mend or remove the files, or allow a "
                + "larger share.", sampleId: first.Id);
        }
    }

    /// <summary>What was skipped, in sentences, once; null where nothing was.</summary>
    internal string? Summary()
    {
        lock (gate)
        {
            if (isTold || places == 0)
                return null;
            isTold = true;
            return Told();
        }
    }

    private string Told()
    {
        // A bad sample may be met at several places.
        var bad = skipped.DistinctBy(sample => sample.Index).ToArray();
        var named = string.Join(
            Environment.NewLine, bad.Take(MostNamed).Select(sample => $"  {sample.Id}: {sample.Reason}"));
        var more = bad.Length > MostNamed ? $"{Environment.NewLine}  and {bad.Length - MostNamed} more." : "";
        return $"epoch {skipped[0].Epoch}: {places} of {samples:0} places went to other samples, since {bad.Length} "
            + $"could not be read:{Environment.NewLine}{named}{more}{Environment.NewLine}";
    }
}
