namespace VocSeg.Torch;

/// <summary>
/// Where a loader stands, to be saved with a checkpoint. A loader that is set to it goes on with the very next batch.
/// It holds plain numbers, so that any serializer can write it. The crop is not among them: give the data set the same
/// one. All ranks have the same state, so it is enough that one of them saves it.
/// </summary>
/// <param name="Epoch">The epoch of the next batch, from 0.</param>
/// <param name="Batch">The next batch of that epoch, from 0.</param>
/// <param name="Seed">The seed that crops and orders are drawn from.</param>
/// <param name="BatchSize">Samples in a batch; of several ranks, in the part of each.</param>
/// <param name="Samples">Samples in the data set.</param>
/// <param name="Shuffle">Whether every epoch has an order of its own.</param>
/// <param name="DropLast">Whether the last, smaller batch is left out.</param>
/// <param name="WorldSize">How many ranks share the batches.</param>
/// <param name="Offset">
/// The samples of the epoch, over all ranks, before its batch 0. Only a change of the batch size or of the number of
/// ranks within an epoch makes it other than 0.
/// </param>
public sealed record VocSegLoaderState(
    long Epoch, long Batch, long Seed, int BatchSize, long Samples, bool Shuffle = false, bool DropLast = false,
    int WorldSize = 1, long Offset = 0);
