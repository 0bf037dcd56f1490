namespace TorchSharp.Modules;

public class TensorDataset : torch.utils.data.IterableDataset
{
    private readonly torch.Tensor[] tensors;

    internal TensorDataset(torch.Tensor[] tensors)
    {
        if (tensors is null || tensors.Length == 0) throw new ArgumentNullException(nameof(tensors));
        if (tensors.Any(t => t.size(0) != tensors[0].size(0)))
            throw new ArgumentException("All tensors must have the same first dimension size.", nameof(tensors));
        this.tensors = Array.ConvertAll(tensors, t => t.alias().DetachFromDisposeScope());
    }

    public IList<torch.Tensor> this[long index] => tensors.Select(t => t[index]).ToList();

    public override long Count => tensors[0].size(0);

    public override IList<torch.Tensor> GetTensor(long index) => this[index];

    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        foreach (var tensor in tensors) tensor.Dispose();
    }
}
