namespace VocSeg.Torch;

/// <summary>
/// Where a loader stands, to be saved with a checkpoint: a loader that is set to it goes on with the very next batch. It holds plain numbers, so that any
/// serializer can write it.
/// </summary>
/// <param name="Epoch">The epoch of the next batch, from 0.</param>
/// <param name="Batch">The next batch of that epoch, from 0.</param>
/// <param name="Seed">The seed that windows are drawn from.</param>
/// <param name="OrderSeed">The seed that orders are drawn from.</param>
/// <param name="BatchSize">Samples in a batch.</param>
/// <param name="Samples">Samples in the data set.</param>
public sealed record VocSegLoaderState(long Epoch, long Batch, long Seed, long OrderSeed, int BatchSize, long Samples);
