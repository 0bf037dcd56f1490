namespace TorchSharp.Modules;

public class DataLoader : DataLoader<Dictionary<string, torch.Tensor>, Dictionary<string, torch.Tensor>>
{
    public DataLoader(
        torch.utils.data.Dataset dataset, int batchSize, IEnumerable<long> shuffler, torch.Device? device = null,
        int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
        : base(dataset, batchSize, Collate, shuffler, device, num_worker, drop_last, disposeBatch, disposeDataset)
    {
    }

    public DataLoader(
        torch.utils.data.Dataset dataset, int batchSize, bool shuffle = false, torch.Device? device = null,
        int? seed = null, int num_worker = 1, bool drop_last = false, bool disposeBatch = true, bool disposeDataset = true)
        : base(dataset, batchSize, Collate, shuffle, device, seed, num_worker, drop_last, disposeBatch, disposeDataset)
    {
    }

    private static Dictionary<string, torch.Tensor> Collate(
        IEnumerable<Dictionary<string, torch.Tensor>> samples, torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        return samples.First().Keys.ToDictionary(key => key, key => Collated.Batch(samples.Select(s => s[key]), device));
    }
}
