using static LibtorchProof.KnownResult;
using static TorchSharp.torch;

namespace LibtorchProof;

/// <summary>Tensors: how they lie in memory, how they are read, cut, changed and reduced.</summary>
internal static class TensorResults
{
    internal static IEnumerable<KnownResult> On(Device device)
    {
        // 0 to 23 as (2, 3, 4).
        Tensor Cube() => arange(24, float32, device).view(2, 3, 4);
        Tensor Floats(params float[] values) => tensor(values, device: device);
        Tensor Longs(params long[] values) => tensor(values, device: device);

        return
        [
            new("shape", () => [.. Cube().shape], [2, 3, 4]),
            new("numel, dimensions, bytes of an element",
                () => [Cube().numel(), Cube().dim(), Cube().element_size()], [24, 3, 4]),
            new("types",
                () => [.. new[] { uint8, int32, int64, float32, float64, @bool }
                    .Select(type => (double)zeros(1, type, device).dtype)], [0, 3, 4, 6, 7, 11]),
            new("values there and back", () => Values(Floats(0.5f, -1.25f, 3e7f, 0)), [0.5, -1.25, 3e7, 0]),
            new("a million ones", () => [ones(1_000_000, float32, device).sum().item<float>()], [1_000_000]),
            new("strides", () => [.. Cube().stride()], [12, 4, 1]),
            new("strides of a transposed view", () => [.. Cube().transpose(0, 2).stride()], [1, 4, 12]),
            new("permute, made contiguous",
                () => Values(Cube().permute(2, 0, 1).contiguous().flatten().narrow(0, 0, 7)), [0, 4, 8, 12, 16, 20, 1]),
            new("as_strided from an offset", () => Values(Cube().as_strided([2, 2], [1, 5], 3)), [3, 8, 4, 9]),
            new("an element", () => [Cube()[1, 2, 3].item<float>()], [23]),
            new("a slice",
                () => Values(Cube()[TensorIndex.Ellipsis, TensorIndex.Slice(1, 4, 2)][0]), [1, 3, 5, 7, 9, 11]),
            new("narrow and select",
                () => Values(Cube().narrow(1, 1, 2).select(0, 1)), [16, 17, 18, 19, 20, 21, 22, 23]),
            new("a place written by copy_", () =>
                {
                    var cube = Cube();
                    cube.narrow(2, 1, 2).copy_(full([2, 3, 2], 7, uint8, device));
                    return Values(cube[0, 1]);
                }, [4, 7, 7, 7]),
            new("index_select",
                () => Values(Cube().index_select(1, Longs(2, 0))[0]), [8, 9, 10, 11, 0, 1, 2, 3]),
            new("gather", () => Values(Cube()[0].gather(1, Longs(3, 0, 1).view(3, 1))), [3, 4, 9]),
            new("scatter",
                () => Values(zeros(5, float32, device).scatter_(0, Longs(4, 1), Floats(2, 3))), [0, 3, 0, 0, 2]),
            new("a lookup by index tensor", () => Values(Floats(10, 20, 30)[Longs(2, 2, 0)]), [30, 30, 10]),
            new("a mask", () => Values(Cube()[Cube() > 20]), [21, 22, 23]),
            new("where",
                () => Values(where(Floats(1, -1, 2) > 0, Floats(5, 6, 7), Floats(-5, -6, -7))), [5, -6, 7]),
            new("cat and stack",
                () => [.. cat([Cube(), Cube()], 1).shape, .. stack([Cube(), Cube()]).shape], [2, 6, 4, 2, 2, 3, 4]),
            new("flip", () => Values(Floats(1, 2, 3).flip(0)), [3, 2, 1]),
            new("floats to bytes and integers",
                () => [.. Values(Floats(1.9f, 255).to(uint8)), .. Values(Floats(-1.9f).to(int64))], [1, 255, -1]),
            new("broadcast addition",
                () => Values(Longs(1, 2).view(2, 1) + Floats(10, 20)), [11, 21, 12, 22]),
            new("addcmul of bytes and floats", () =>
                {
                    var bytes = tensor(new byte[] { 0, 255, 128, 2 }, device: device).view(2, 2);
                    return Values(Floats(-1, -2).view(2, 1).addcmul(bytes, Floats(0.5f, 0.25f).view(2, 1), 1));
                }, [-1, 126.5, 30, -1.5]),
            new("mm",
                () => Values(Floats(1, 2, 3, 4).view(2, 2).mm(Floats(5, 6, 7, 8).view(2, 2))),
                [19, 22, 43, 50], Rounding),
            new("mean and standard deviation",
                () => [.. Values(Floats(1, 2, 3, 4).mean()), .. Values(Floats(1, 2, 3, 4).std())],
                [2.5, 1.29099], Rounding),
            new("argmax", () => Values(Floats(1, 5, 2, 9, 0, 3).view(2, 3).argmax(1)), [1, 0]),
            new("bincount", () => Values(bincount(Longs(0, 2, 2, 5), minlength: 7)), [1, 0, 2, 0, 0, 1, 0]),
            new("topk", () =>
                {
                    var (values, indices) = Floats(3, 9, 4).topk(2);
                    return [.. Values(values), .. Values(indices)];
                }, [9, 4, 1, 2]),
        ];
    }
}
