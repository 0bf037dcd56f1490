using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Op.Tensor("cat", Arg.Tensors(tensors), dim);
    public static Tensor cat(Tensor[] tensors, long dim = 0) => Op.Tensor("cat", Arg.Tensors(tensors), dim);
    public static Tensor cat(ReadOnlySpan<Tensor> tensors, long dim = 0) => cat(tensors.ToArray(), dim);
    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => cat(tensors, dim);
    public static Tensor concat(Tensor[] tensors, long dim = 0) => cat(tensors, dim);
    public static Tensor concat(ReadOnlySpan<Tensor> tensors, long dim = 0) => cat(tensors, dim);
    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => Op.Tensor("stack", Arg.Tensors(tensors), dim);
    public static Tensor hstack(params Tensor[] tensors) => Op.Tensor("hstack", Arg.Tensors(tensors));
    public static Tensor hstack(IList<Tensor> tensors) => Op.Tensor("hstack", Arg.Tensors(tensors));
    public static Tensor vstack(Tensor[] tensors) => Op.Tensor("vstack", Arg.Tensors(tensors));
    public static Tensor vstack(IList<Tensor> tensors) => Op.Tensor("vstack", Arg.Tensors(tensors));
    public static Tensor dstack(params Tensor[] tensors) => Op.Tensor("dstack", Arg.Tensors(tensors));

    public static Tensor where(Tensor condition, Tensor x, Tensor y) => x.where(condition, y);
    public static Tensor[] where(Tensor condition)
        => condition.dtype == ScalarType.Bool
            ? Op.List("where", condition)
            : throw new ArgumentException("The condition to 'where' must be a boolean tensor.");

    public static Tensor[] meshgrid(IEnumerable<Tensor> tensors, string indexing = "ij")
        => Op.List("meshgrid.indexing", Arg.Tensors(tensors), indexing);

    public static IList<Tensor> broadcast_tensors(params Tensor[] tensors)
        => Op.List("broadcast_tensors", Arg.Tensors(tensors));

    public static Tensor einsum(string equation, params Tensor[] tensors)
        => Op.Tensor("einsum", equation, Arg.Tensors(tensors));
}
