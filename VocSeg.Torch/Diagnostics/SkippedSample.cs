namespace VocSeg.Torch;

/// <summary>A sample that could not be read and was skipped: see <see cref="OnError.Skip(double)"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Index">Its index in the data set.</param>
/// <param name="Path">The file that is at fault.</param>
/// <param name="Fault">The kind of fault.</param>
/// <param name="Reason">What is wrong, and what to do about it.</param>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Place">
/// The place in the epoch that it was to have, from 0, counted over all ranks. Where a sample that was drawn for a
/// place is bad too, the place has an entry for each of them.
/// </param>
public sealed record SkippedSample(
    string Id, long Index, string Path, DatasetFault Fault, string Reason, long Epoch, long Place);
