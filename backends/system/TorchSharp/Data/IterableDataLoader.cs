namespace TorchSharp.Modules;

public class IterableDataLoader : DataLoader<IList<torch.Tensor>, IList<torch.Tensor>>
{
    public IterableDataLoader(
        torch.utils.data.IterableDataset dataset, int batchSize, IEnumerable<long> shuffler, torch.Device? device = null,
        int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
        : base(dataset, batchSize, Collate, shuffler, device, num_worker, drop_last, disposeBatch, disposeDataset)
    {
    }

    public IterableDataLoader(
        torch.utils.data.IterableDataset dataset, int batchSize, bool shuffle = false, torch.Device? device = null,
        int? seed = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
        : base(dataset, batchSize, Collate, shuffle, device, seed, num_worker, drop_last, disposeBatch, disposeDataset)
    {
    }

    private static IList<torch.Tensor> Collate(IEnumerable<IList<torch.Tensor>> samples, torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        return Enumerable.Range(0, samples.First().Count)
            .Select(i => Collated.Batch(samples.Select(s => s[i]), device)).ToList();
    }
}
