namespace VocSeg.Torch.Tests;

internal static class DetachedBatches
{
    /// <summary>
    /// Runs an epoch and keeps every batch, of which the second one alone is detached; requires that the others are
    /// gone and say what keeps a batch.
    /// </summary>
    /// <returns>The detached one, which the caller disposes.</returns>
    internal static VocSegBatch RunAndDetachSecond(VocSegDataLoader loader)
    {
        var batches = new List<VocSegBatch>();
        foreach (var batch in loader)
            batches.Add(batches.Count == 1 ? batch.Detach() : batch);
        Assert.All(batches.Where((_, position) => position != 1), batch =>
        {
            RequireWord(() => batch.Image);
            RequireWord(() => batch.Label);
            Assert.Throws<InvalidOperationException>(batch.Detach);
        });
        return batches[1];
    }

    private static void RequireWord(Func<object> read) => Assert.Contains(
        "Detach()", Assert.Throws<InvalidOperationException>(read).Message, StringComparison.Ordinal);
}
