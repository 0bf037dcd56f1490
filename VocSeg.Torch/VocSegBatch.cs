using TorchSharp;

namespace VocSeg.Torch;

/// <summary>
/// A batch. Its tensors live until the loader moves on to the next batch or the loop ends; <see cref="Detach"/> keeps
/// them longer. On the CPU their memory is filled again then: a backward pass through a graph of an earlier batch is an
/// error, and a view of an earlier batch shows the pixels of a later one.
/// </summary>
public sealed class VocSegBatch
{
    private readonly torch.Tensor image;
    private readonly torch.Tensor label;
    private bool hasEnded;

    internal VocSegBatch(torch.Tensor image, torch.Tensor label, long epoch, IReadOnlyList<long> indices)
    {
        this.image = image;
        this.label = label;
        Epoch = epoch;
        Indices = indices;
    }

    /// <summary>Normalized images: float32, shape (batch, 3, height, width), on the data set's device.</summary>
    /// <exception cref="InvalidOperationException">The loader has moved on.</exception>
    public torch.Tensor Image => Live(image);

    /// <summary>
    /// The class index of every pixel: int64, shape (batch, height, width), on the data set's device.
    /// </summary>
    /// <exception cref="InvalidOperationException">The loader has moved on.</exception>
    public torch.Tensor Label => Live(label);

    /// <summary>The epoch that the batch belongs to, from 0.</summary>
    public long Epoch { get; }

    /// <summary>The index in the data set of each sample of the batch.</summary>
    public IReadOnlyList<long> Indices { get; }

    internal bool Detached { get; private set; }

    /// <summary>Image and label, as in <c>foreach (var (image, label) in loader)</c>.</summary>
    /// <param name="image">float32, shape (batch, 3, height, width).</param>
    /// <param name="label">int64, shape (batch, height, width).</param>
    /// <exception cref="InvalidOperationException">The loader has moved on.</exception>
    public void Deconstruct(out torch.Tensor image, out torch.Tensor label) => (image, label) = (Image, Label);

    /// <summary>Keeps the tensors beyond the next batch. From now on the caller disposes them.</summary>
    /// <returns>This batch.</returns>
    /// <exception cref="InvalidOperationException">The loader has moved on.</exception>
    public VocSegBatch Detach()
    {
        Live(image);
        Detached = true;
        return this;
    }

    internal void Release()
    {
        if (Detached)
            return;
        hasEnded = true;
        image.Dispose();
        label.Dispose();
    }

    private torch.Tensor Live(torch.Tensor tensor) => hasEnded
        ? throw new InvalidOperationException(
            "This batch ended with the next one, or with the loop. Call Detach() on it in the loop's body to keep it, "
            + "or set DisposeBatch = false on the loader to keep every batch.")
        : tensor;
}
