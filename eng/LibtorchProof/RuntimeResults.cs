using System.Runtime.InteropServices;
using TorchSharp;
using static LibtorchProof.KnownResult;
using static TorchSharp.torch;

namespace LibtorchProof;

/// <summary>What is no operation on tensors: random numbers, files, exceptions, who owns a tensor.</summary>
internal static class RuntimeResults
{
    internal static IEnumerable<KnownResult> OnHost() =>
    [
        new("rand of seed 42", () => Seeded(42, () => rand(3)), [0.88227, 0.91500, 0.38286], Rounding),
        new("randn of seed 0", () => Seeded(0, () => randn(4)), [1.54100, -0.29343, -2.17879, 0.56843], Rounding),
        new("randint of seed 1", () => Seeded(1, () => randint(100, 5)), [45, 39, 24, 68, 63]),
        new("randperm of seed 0", () => Seeded(0, () => randperm(10)), [4, 1, 7, 5, 3, 9, 0, 8, 6, 2]),
        new("a generator of its own", () =>
            {
                using var generator = new Generator(42);
                return Values(rand(3, generator: generator));
            }, [0.88227, 0.91500, 0.38286], Rounding),
        new("bytes shared with the host", () =>
            {
                var tensor = zeros(2, int32);
                MemoryMarshal.Cast<byte, int>(tensor.bytes)[1] = 7;
                return Values(tensor);
            }, [0, 7]),
        new("a tensor saved and loaded", () => InFolder(folder =>
            {
                var file = Path.Combine(folder, "tensor");
                save(arange(4, float32), file);
                return Values(load(file));
            }), [0, 1, 2, 3]),
        new("a network saved and loaded", () => InFolder(folder =>
            {
                using var network = TrainingResults.Network(CPU);
                using var other = TrainingResults.Network(CPU);
                using (no_grad())
                {
                    foreach (var (_, values) in other.state_dict())
                        values.zero_();
                }
                network.save(Path.Combine(folder, "network"));
                other.load(Path.Combine(folder, "network"));
                return [.. other.state_dict().Values.Zip(network.state_dict().Values)
                    .Select(pair => Values(pair.First).SequenceEqual(Values(pair.Second)) ? 1.0 : 0)];
            }), [1, 1, 1, 1, 1, 1, 1, 1]),
        new("a tensor that lives until its scope ends", () =>
            {
                var scope = NewDisposeScope();
                var (inner, kept) = (ones(3), scope.Detach(ones(3)));
                var before = inner.IsInvalid;
                scope.Dispose();
                using (kept)
                    return [before ? 1 : 0, inner.IsInvalid ? 1 : 0, kept.sum().item<float>()];
            }, [0, 1, 3]),
    ];

    internal static IEnumerable<KnownResult> On(Device device) =>
    [
        new("exceptions for shapes that do not fit", () =>
            {
                var wide = ones([2, 3], float32, device);
                return [Throws(() => wide.mm(wide)), Throws(() => wide.view(4, 2))];
            }, [1, 1]),
        new("the same numbers of the same seed", () =>
            {
                var first = Seeded(5, () => rand(1000, device: device));
                var again = Seeded(5, () => rand(1000, device: device));
                return [first.SequenceEqual(again) ? 1 : 0, first.Min(), first.Max(), first.Average()];
            }, [1, 0, 1, 0.5], 0.05),
        new("a thousand tensors made and freed", () =>
            {
                var total = zeros(1, int64, device);
                for (var i = 0; i < 1000; i++)
                {
                    using var one = full(1, i, int64, device);
                    total.add_(one);
                }
                return Values(total);
            }, [499_500]),
    ];

    internal static IEnumerable<KnownResult> OnCuda(Device cuda) =>
    [
        new("pinned memory, copied over while the host goes on", () =>
            {
                var pinned = arange(1 << 20, float32).pin_memory();
                var copy = pinned.to(cuda, non_blocking: true);
                torch.cuda.synchronize();
                return [pinned.is_pinned() ? 1 : 0, copy.device_index, copy.to(float64).sum().item<double>()];
            }, [1, cuda.index, (1 << 19) * ((1 << 20) - 1.0)]),
    ];

    private static double[] Seeded(long seed, Func<Tensor> draw)
    {
        manual_seed(seed);
        return Values(draw());
    }

    private static double Throws(Func<Tensor> operation)
    {
        try
        {
            operation();
            return 0;
        }
        catch (ExternalException)
        {
            return 1;
        }
    }

    private static double[] InFolder(Func<string, double[]> use)
    {
        var folder = Directory.CreateTempSubdirectory("libtorch-proof-").FullName;
        try
        {
            return use(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
