namespace VocSeg.Torch.Tests.Soak;

/// <summary>
/// Loops over loaders of every kind, several at once, that end in every way. What they are and when they end is drawn
/// from a seed.
/// </summary>
internal sealed class LoopsOfEveryKind : IDisposable
{
    private static readonly string[] Cases = ["crop", LoaderCases.Mixing, "scale, flip", "crops", "whole"];

    // A data set of these has a lookup table on its device, of 16 MB.
    private const int CasesByTensors = 2;

    private readonly BadSet bad = new();
    private readonly BadSet sound = new(isDamaged: false);
    private readonly Dictionary<(bool IsBad, int Case), VocSegDataset> datasets = [];
    private readonly int[] ended = new int[Enum.GetValues<Ending>().Length];
    private long batches;
    private int loaders;
    private int disturbed;

    internal LoopsOfEveryKind()
    {
        foreach (var isBad in new[] { true, false })
        {
            for (var number = 0; number < Cases.Length; number++)
            {
                var dataset = (isBad ? bad : sound).Dataset(LoaderCases.Get(Cases[number]).Transforms);
                datasets.Add((isBad, number), dataset);
                if (number < CasesByTensors)
                    _ = dataset.Source.Warp;
            }
        }
    }

    private enum Ending
    {
        Whole,
        Left,
        ErrorOfLoop,
        Cancelled,
        CancelledByOther,
        DisposedByOther,
        ErrorOfFile,
    }

    /// <summary>The batches that loops have taken.</summary>
    internal long Batches => Interlocked.Read(ref batches);

    /// <summary>What there was, in a line.</summary>
    internal string Counts =>
        $"{Batches} batches, {loaders} loaders, {disturbed} rounds with disturbed threads, loops: "
        + string.Join(", ", Enum.GetValues<Ending>().Select(ending => $"{ended[(int)ending]} {ending}"));

    /// <summary>How often the ending came that came least.</summary>
    internal int Rarest => ended.Min();

    /// <summary>Runs up to three loaders at once to the end of all of their loops.</summary>
    internal void Round(int seed)
    {
        var random = new Random(seed);
        using var disturbance = random.Next(8) == 0 ? new Disturbance(seed) : null;
        disturbed += disturbance is null ? 0 : 1;
        var errors = new List<Exception>();
        Thread[] threads = [.. Enumerable.Range(0, random.Next(1, 4)).Select(number => new Thread(() =>
        {
            try
            {
                UseLoader(new(seed * 4 + number));
            }
            catch (Exception error)
            {
                lock (errors)
                    errors.Add(error);
            }
        }))];
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        if (errors.Count > 0)
            throw new AggregateException($"seed {seed}", errors);
    }

    public void Dispose()
    {
        foreach (var dataset in datasets.Values)
            dataset.Dispose();
        bad.Dispose();
        sound.Dispose();
    }

    private void UseLoader(Random random)
    {
        var (isBad, number, skips) = (random.Next(2) == 0, random.Next(Cases.Length), random.Next(4) > 0);
        var ranks = random.Next(1, 4);
        var options = LoaderCases.Get(Cases[number]).Options with
        {
            BatchSize = random.Next(1, 5),
            Workers = random.Next(1, 4),
            Prefetch = random.Next(1, 4),
            Cache = Caches.Of(Caches.Names[random.Next(Caches.Names.Length)]),
            OnError = skips ? OnError.Skip(0.5) : OnError.Throw,
            Shard = new(random.Next(ranks), ranks),
            DropLast = ranks > 1 || random.Next(2) == 0,
            DisposeBatch = random.Next(4) > 0,
            Inform = _ => { },
        };
        var onHost = number >= CasesByTensors || random.Next(2) == 0;
        using var loader = new VocSegDataLoader(datasets[(isBad, number)], options, onHost);
        Interlocked.Increment(ref loaders);
        for (var (epoch, isOpen) = (0, true); epoch < 3 && isOpen; epoch++)
        {
            var ending = (Ending)random.Next((int)Ending.ErrorOfFile);
            isOpen = ending != Ending.DisposedByOther;
            ending = Loop(loader, ending, random, mayFail: isBad && !skips);
            Interlocked.Increment(ref ended[(int)ending]);
        }
    }

    /// <summary>One loop; the ending that it had, which of several may have come first.</summary>
    private Ending Loop(VocSegDataLoader loader, Ending ending, Random random, bool mayFail)
    {
        using var cancellation = new CancellationTokenSource();
        var (at, microseconds) = (random.NextInt64(loader.Count), random.Next(3000));
        Thread? other = ending switch
        {
            Ending.CancelledByOther => new(() => After(microseconds, cancellation.Cancel)),
            Ending.DisposedByOther => new(() => After(microseconds, loader.Dispose)),
            _ => null,
        };
        other?.Start();
        try
        {
            var taken = 0;
            foreach (var batch in loader.WithCancellation(cancellation.Token))
            {
                Interlocked.Increment(ref batches);
                Assert.Equal(batch.Indices.Count, batch.Image.shape[0]);
                if (!loader.Options.DisposeBatch)
                {
                    batch.Image.Dispose();
                    batch.Label.Dispose();
                }
                if (taken++ != at)
                    continue;
                if (ending == Ending.Left)
                    break;
                if (ending == Ending.ErrorOfLoop)
                    throw new NotSupportedException("the body's own");
                if (ending == Ending.Cancelled)
                    cancellation.Cancel();
            }
            return ending == Ending.Left ? ending : Ending.Whole;
        }
        catch (NotSupportedException) when (ending == Ending.ErrorOfLoop)
        {
            return ending;
        }
        catch (OperationCanceledException) when (ending is Ending.Cancelled or Ending.CancelledByOther)
        {
            return ending;
        }
        catch (ObjectDisposedException) when (ending == Ending.DisposedByOther)
        {
            return ending;
        }
        catch (DatasetException) when (mayFail)
        {
            return Ending.ErrorOfFile;
        }
        finally
        {
            other?.Join();
        }
    }

    private static void After(int microseconds, Action action)
    {
        Thread.Sleep(microseconds / 1000);
        Thread.SpinWait(microseconds % 1000);
        action();
    }
}
