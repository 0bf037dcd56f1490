using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// A transform of one's own, which a <see cref="VocSegDataLoader"/> applies to whole batches on the data set's device,
/// after those of the data set: see <see cref="VocSegDataLoaderOptions.BatchTransforms"/>.
/// </summary>
/// <remarks>
/// <para>
/// What is random in it should come from the streams of its input: batches then are the same with any number of
/// workers, with any cache, and after an epoch that was interrupted.
/// </para>
/// <para>
/// It runs on the thread of the training loop, without gradients, in a dispose scope of its own. It may write into the
/// tensors that it gets, and give them back or others in their place. The loader then owns what is given back: it goes
/// with the batch, also to a caller of <see cref="VocSegBatch.Detach"/>. All else is disposed: tensors that were made
/// in it, and those that it got and does not give back. It keeps no tensor beyond the call.
/// </para>
/// </remarks>
public interface IBatchTransform
{
    /// <summary>Transforms a batch.</summary>
    /// <param name="batch">Its tensors, its samples, and random numbers.</param>
    /// <returns>
    /// The tensors of the batch from now on, for instance <c>batch.Tensors</c>. Each has as many samples as before
    /// along its first dimension; everything else about shapes and types is free.
    /// </returns>
    (Tensor Image, Tensor Label, Tensor? Weight) Apply(BatchTransformInput batch);

    /// <summary>
    /// Whether <see cref="VocSegLoaders"/> apply it in validation too. By default false, as for what augments; true is
    /// for what the network expects of every image, such as a normalization of one's own.
    /// </summary>
    bool InValidation => false;
}

/// <summary>What an <see cref="IBatchTransform"/> is given.</summary>
public sealed class BatchTransformInput
{
    internal BatchTransformInput(
        (Tensor Image, Tensor Label, Tensor? Weight) tensors, long epoch, IReadOnlyList<long> indices,
        IReadOnlyList<string> ids, byte ignoreIndex, SampleStream random, IReadOnlyList<SampleStream> sampleRandom)
    {
        Tensors = tensors;
        Epoch = epoch;
        Indices = indices;
        Ids = ids;
        IgnoreIndex = ignoreIndex;
        Random = random;
        SampleRandom = sampleRandom;
    }

    /// <summary>Image, label and weight together, to be given back where a transform only writes into them.</summary>
    public (Tensor Image, Tensor Label, Tensor? Weight) Tensors { get; }

    /// <summary>Normalized images, as in <see cref="VocSegBatch.Image"/>; 0 is the mean colour.</summary>
    public Tensor Image => Tensors.Image;

    /// <summary>Labels, as in <see cref="VocSegBatch.Label"/>.</summary>
    public Tensor Label => Tensors.Label;

    /// <summary>
    /// Weights of masks, as in <see cref="VocSegBatch.Weight"/>; null where labels are class indices.
    /// </summary>
    public Tensor? Weight => Tensors.Weight;

    /// <summary>How many samples the batch has.</summary>
    public int Count => Indices.Count;

    /// <summary>The epoch, from 0.</summary>
    public long Epoch { get; }

    /// <summary>The index in the data set of each sample.</summary>
    public IReadOnlyList<long> Indices { get; }

    /// <summary>The id of each sample.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>The value of labels where a pixel is ignored.</summary>
    public byte IgnoreIndex { get; }

    /// <summary>Random numbers for the batch as a whole.</summary>
    public SampleStream Random { get; }

    /// <summary>
    /// Random numbers for each sample. They follow from the sample, whichever batch it is in and whatever stands beside
    /// it.
    /// </summary>
    public IReadOnlyList<SampleStream> SampleRandom { get; }
}
