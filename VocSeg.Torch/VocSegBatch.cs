using TorchSharp;

namespace VocSeg.Torch;

/// <summary>
/// A batch. Its tensors live until the loader moves on to the next batch or the loop ends; <see cref="Detach"/> keeps
/// them longer. On the CPU their memory is filled again then: a backward pass through a graph of an earlier batch is an
/// error, and a view of an earlier batch shows the pixels of a later one.
/// </summary>
public sealed class VocSegBatch
{
    private readonly BatchTensors tensors;
    private bool hasEnded;

    internal VocSegBatch(BatchTensors tensors, long epoch, IReadOnlyList<long> indices)
    {
        this.tensors = tensors;
        Epoch = epoch;
        Indices = indices;
    }

    /// <summary>
    /// Normalized images: float32, shape (batch, 3, height, width), or (batch, 1, height, width) in gray, on the data
    /// set's device.
    /// </summary>
    /// <exception cref="InvalidOperationException">The loader has moved on.</exception>
    public torch.Tensor Image => Live(tensors.Image);

    /// <summary>
    /// The class index of every pixel: int64, shape (batch, height, width), on the data set's device. With
    /// <see cref="LabelForm.Mask"/>: float32, shape (batch, 1, height, width).
    /// </summary>
    /// <exception cref="InvalidOperationException">The loader has moved on.</exception>
    public torch.Tensor Label => Live(tensors.Label);

    /// <summary>
    /// With <see cref="LabelForm.Mask"/>: 0 where a pixel is ignored, else 1; float32, shape (batch, 1, height, width).
    /// Null otherwise.
    /// </summary>
    /// <exception cref="InvalidOperationException">The loader has moved on.</exception>
    public torch.Tensor? Weight => tensors.Weight is null ? null : Live(tensors.Weight);

    /// <summary>The epoch that the batch belongs to, from 0.</summary>
    public long Epoch { get; }

    /// <summary>The index in the data set of each sample of the batch.</summary>
    public IReadOnlyList<long> Indices { get; }

    /// <summary>Where the pixels of each sample come from.</summary>
    public IReadOnlyList<SampleGeometry> Geometries => tensors.Geometries;

    /// <summary>The size of each sample. What the batch is larger than it was padded on the right and below.</summary>
    public IReadOnlyList<ImageSize> Sizes => field ??= [.. tensors.Geometries.Select(geometry => geometry.Output)];

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
        Live(tensors.Image);
        Detached = true;
        return this;
    }

    internal void Release()
    {
        if (Detached)
            return;
        hasEnded = true;
        tensors.Dispose();
    }

    private torch.Tensor Live(torch.Tensor tensor) => hasEnded
        ? throw new InvalidOperationException(
            "This batch ended with the next one, or with the loop. Call Detach() on it in the loop's body to keep it, "
            + "or set DisposeBatch = false on the loader to keep every batch.")
        : tensor;
}
