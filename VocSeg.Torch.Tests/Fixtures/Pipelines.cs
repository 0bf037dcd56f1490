namespace VocSeg.Torch.Tests;

internal static class Pipelines
{
    /// <summary>An epoch that a loop is at, with threads of its own.</summary>
    internal static EpochPipeline Begin(
        EpochPlan plan, SampleSource source, BatchBufferPool pool, int buffers, int workers,
        CancellationToken cancellation)
    {
        var pipeline = new EpochPipeline(plan, source, pool, new(pool, workers), buffers);
        pipeline.Begin(cancellation);
        return pipeline;
    }
}
