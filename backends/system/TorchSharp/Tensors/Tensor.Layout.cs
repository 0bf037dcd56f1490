using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor permute(params long[] permutation) => Op.Tensor("permute", this, permutation);
        public Tensor permute(IEnumerable<long> permutation) => permute(permutation.ToArray());

        public Tensor squeeze(long? dim = null)
            => dim is { } d ? Op.Tensor("squeeze.dim", this, d) : Op.Tensor("squeeze", this);
        public Tensor squeeze_(long? dim = null)
            => dim is { } d ? Op.InPlace("squeeze_.dim", this, d) : Op.InPlace("squeeze_", this);

        public Tensor expand(params long[] sizes) => expand(sizes, false);
        public Tensor expand(long[] sizes, bool isImplicit = false) => Op.Tensor("expand", this, sizes, isImplicit);
        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false)
            => Op.Tensor("expand", this, Arg.Sizes(sizes), isImplicit);
        public Tensor expand(Size sizes, bool isImplicit = false) => expand(sizes.Shape, isImplicit);

        public Tensor unflatten(long dim, Size sizes) => unflatten(dim, sizes.Shape);

        public Tensor[] split(long size, int dim = 0) => Op.List("split.Tensor", this, size, dim);
        public Tensor[] split(long[] sizes, long dim = 0) => Op.List("split_with_sizes", this, sizes, dim);
        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0)
            => Op.List("split_with_sizes", this, Arg.Sizes(sizes), dim);
        public Tensor[] split(params long[] sizes) => split(sizes, 0);

        public Tensor[] tensor_split(long size, long dim = 0) => Op.List("tensor_split.sections", this, size, dim);
        public Tensor[] tensor_split(long[] sizes, long dim = 0) => Op.List("tensor_split.indices", this, sizes, dim);

        public Tensor roll(long shifts, long? dims = null)
            => Op.Tensor("roll", this, new[] { shifts }, dims is { } d ? [d] : Array.Empty<long>());

        public Tensor rot90(long k = 1, (long, long)? dims = null)
        {
            var (from, to) = dims ?? (0, 1);
            return Op.Tensor("rot90", this, k, new[] { from, to });
        }

        public Tensor T => Op.Tensor("numpy_T", this);
        public Tensor mT => Op.Tensor("mT", this);
        public Tensor H => Op.Tensor("matrix_H", this);
        public Tensor mH => Op.Tensor("mH", this);

        public IList<Tensor> nonzero_as_list() => torch.where(this);
    }
}
