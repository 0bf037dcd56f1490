namespace VocSeg.Torch;

/// <summary>
/// Where a loader stands, to be saved with a checkpoint. A loader that is set to it goes on with the very next batch.
/// It holds plain numbers, so that any serializer can write it. The crop is not among them: give the data set the same
/// one.
/// </summary>
/// <param name="Epoch">The epoch of the next batch, from 0.</param>
/// <param name="Batch">The next batch of that epoch, from 0.</param>
/// <param name="Seed">The seed that crops and orders are drawn from.</param>
/// <param name="BatchSize">Samples in a batch.</param>
/// <param name="Samples">Samples in the data set.</param>
/// <param name="Shuffle">Whether every epoch has an order of its own.</param>
/// <param name="DropLast">Whether the last, smaller batch is left out.</param>
public sealed record VocSegLoaderState(
    long Epoch, long Batch, long Seed, int BatchSize, long Samples, bool Shuffle = false, bool DropLast = false);
