using TorchSharp;

namespace VocSeg.Torch;

/// <summary>
/// A batch. Its tensors live until the loader moves on to the next batch or the loop ends; <see cref="Detach"/> keeps them longer. On the CPU their memory is filled
/// again then: a backward pass through a graph of an earlier batch is an error, and a view of one that is kept shows later pixels.
/// </summary>
public sealed class VocSegBatch
{
    internal VocSegBatch(torch.Tensor image, torch.Tensor label, long epoch, IReadOnlyList<long> indices)
    {
        Image = image;
        Label = label;
        Epoch = epoch;
        Indices = indices;
    }

    /// <summary>Normalized images: float32, shape (batch, 3, height, width), on the data set's device.</summary>
    public torch.Tensor Image { get; }

    /// <summary>The class index of every pixel: int64, shape (batch, height, width), on the data set's device.</summary>
    public torch.Tensor Label { get; }

    /// <summary>The epoch that the batch belongs to, from 0.</summary>
    public long Epoch { get; }

    /// <summary>The index in the data set of each sample of the batch.</summary>
    public IReadOnlyList<long> Indices { get; }

    internal bool Detached { get; private set; }

    /// <summary>Image and label, as in <c>foreach (var (image, label) in loader)</c>.</summary>
    /// <param name="image">float32, shape (batch, 3, height, width).</param>
    /// <param name="label">int64, shape (batch, height, width).</param>
    public void Deconstruct(out torch.Tensor image, out torch.Tensor label) => (image, label) = (Image, Label);

    /// <summary>Keeps the tensors beyond the next batch; from now on the caller disposes them.</summary>
    /// <returns>This batch.</returns>
    public VocSegBatch Detach()
    {
        Detached = true;
        return this;
    }

    internal void Release()
    {
        if (Detached)
            return;
        Image.Dispose();
        Label.Dispose();
    }
}
