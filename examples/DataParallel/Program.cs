using System.IO.Hashing;
using System.Runtime.InteropServices;
using DataParallel;
using SyntheticVoc;
using TorchSharp;
using TorchSharp.Modules;
using VocSeg.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

// mpirun -n 2 DataParallel [FOLDER [STEPS]]: trains one network on as many processes as there are. It ends with the
// loss curve of one process, and with the same weights on all. FOLDER takes generated data.
const int SharedBatchSize = 8;
var folder = args.ElementAtOrDefault(0) ?? "data/parallel";
var steps = int.Parse(args.ElementAtOrDefault(1) ?? "50", null);
var shard = Shard.FromEnvironment();
var mpi = new Mpi(shard);
if (SharedBatchSize % shard.WorldSize != 0)
    throw new ArgumentException($"{SharedBatchSize} samples a step are not to be divided by {shard.WorldSize} ranks.");

// One process generates the data; a sum of nothing has the others wait for it.
if (shard.Rank == 0)
    SyntheticVocGenerator.Generate(folder, new() { Train = 40, Val = 0, Size = (96, 128) });
mpi.Sum(0);

using var dataset = new VocSegDataset(folder, "train", new()
{
    Transforms = [new RandomHorizontalFlip(), new RandomCrop(new(64, 96))],
    Device = shard.Device,
    Seed = 1,
});
using var loader = new VocSegDataLoader(dataset, new()
{
    BatchSize = SharedBatchSize / shard.WorldSize,
    Shuffle = true,
    DropLast = true,
    Shard = shard,
});

// The same seed gives every process the same first weights, and equal gradients keep them the same.
manual_seed(1);
using var model = new Net(SegmentationPalette.Voc.ClassCount, width: 16);
model.to(shard.Device);
using var optimizer = optim.SGD(model.parameters(), 0.05, momentum: 0.9);
// A Scalar that only a call holds may be finalized while libtorch reads it.
using Scalar ignored = 255;
for (var step = 0; step < steps;)
{
    foreach (var (image, label) in loader)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        // The loss is the mean over the pixels of all processes, and these do not have equally many that count.
        var pixels = mpi.Sum(label.ne(ignored).sum().item<long>());
        using Scalar share = 1 / pixels;
        var loss = cross_entropy(model.call(image), label, ignore_index: 255, reduction: nn.Reduction.Sum) * share;
        loss.backward();
        SumGradients();
        optimizer.step();
        var shared = mpi.Sum(loss.item<float>());
        if (shard.Rank == 0)
            Console.WriteLine(FormattableString.Invariant($"step {++step}: loss {shared:F7}"));
        else
            step++;
        if (step == steps)
            break;
    }
}

var checksum = Checksum();
if (mpi.Sum(checksum) != (double)checksum * shard.WorldSize)
    throw new InvalidOperationException($"Rank {shard.Rank} has other weights: {checksum:x8}.");
mpi.Finish();
if (shard.Rank == 0)
    Console.WriteLine($"weights {checksum:x8} on {shard.WorldSize} ranks");

// Each loss is divided by the pixels of all, so the gradients' sum is that of the mean.
void SumGradients()
{
    using var constant = no_grad();
    Tensor[] gradients = [.. model.parameters().Select(parameter => parameter.grad!)];
    var all = cat([.. gradients.Select(gradient => gradient.flatten())]).cpu();
    mpi.Sum(MemoryMarshal.Cast<byte, float>(all.bytes));
    var first = 0L;
    foreach (var gradient in gradients)
    {
        gradient.copy_(all.narrow(0, first, gradient.numel()).view(gradient.shape));
        first += gradient.numel();
    }
}

uint Checksum()
{
    using var scope = NewDisposeScope();
    var hash = new Crc32();
    foreach (Parameter parameter in model.parameters())
        hash.Append(parameter.detach().cpu().contiguous().bytes);
    return hash.GetCurrentHashAsUInt32();
}
