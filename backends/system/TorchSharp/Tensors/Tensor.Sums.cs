using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor sum(ScalarType? type = null) => Op.Tensor("sum", this, type);
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => Sum(dim, keepdim, type);
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) => Sum(dim, keepdim, type);
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => Sum([dim], keepdim, type);
        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null)
            => Sum([dim0, dim1], keepdim, type);
        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null)
            => Sum([dim0, dim1, dim2], keepdim, type);

        public Tensor mean() => Op.Tensor("mean", this);
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null)
            => Op.Tensor("mean.dim", this, dimensions, keepdim, type);

        public Tensor std(bool unbiased = true) => Op.Tensor("std", this, unbiased);
        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
            => Op.Tensor("std.dim", this, dimensions, unbiased, keepdim);
        public Tensor std(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
            => std(dimensions.ToArray(), unbiased, keepdim, type);
        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
            => std(new[] { dim }, unbiased, keepdim, type);

        // Over all elements the package always corrects, whatever the flag says.
        public Tensor var(bool unbiased = true) => Op.Tensor("var", this, true);
        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
            => Op.Tensor("var.dim", this, dimensions, unbiased, keepdim);
        public Tensor var(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
            => var(dimensions.ToArray(), unbiased, keepdim, type);
        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
            => var(new[] { dim }, unbiased, keepdim, type);

        public Tensor amax(params long[] dims) => amax(dims, false, null);
        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) => Extreme("amax", dims, keepdim, @out);
        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null)
            => Extreme("amax", dims, keepdim, @out);

        public Tensor amin(params long[] dims) => amin(dims, false, null);
        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) => Extreme("amin", dims, keepdim, @out);
        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null)
            => Extreme("amin", dims, keepdim, @out);

        public Tensor norm(float p = 2) => Op.Tensor("norm.Scalar", this, (double)p);
        public Tensor norm(int dim, bool keepdim = false, float p = 2)
            => Op.Tensor("norm.ScalarOpt_dim", this, (double)p, new long[] { dim }, keepdim);

        public Tensor logsumexp(long dim, bool keepdim = false) => Op.Tensor("logsumexp", this, new[] { dim }, keepdim);
        public Tensor count_nonzero(long[]? dims = null) => Op.Tensor("count_nonzero.dim_IntList", this, dims ?? []);
        public Tensor histc(long bins = 100, long min = 0, long max = 0) => Op.Tensor("histc", this, bins, min, max);

        public (Tensor values, Tensor indices) sort(long dim = -1, bool descending = false, bool stable = false)
            => Op.Pair("sort.stable", this, stable, dim, descending);

        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null)
            => Distinct(dim is { } d
                ? Op.Tensors("unique_dim", this, d, sorted, return_inverse, return_counts)
                : Op.Tensors("_unique2", this, sorted, return_inverse, return_counts), return_inverse, return_counts);

        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique_consecutive(bool return_inverse = false, bool return_counts = false, int? dim = null)
            => Distinct(
                Op.Tensors("unique_consecutive", this, return_inverse, return_counts, (long?)dim), return_inverse, return_counts);

        private Tensor Sum(ReadOnlySpan<long> dims, bool keepdim, ScalarType? type)
            => Op.Tensor("sum.dim_IntList", this, Arg.Sizes(dims), keepdim, type);

        private Tensor Extreme(string name, ReadOnlySpan<long> dims, bool keepdim, Tensor? result)
            => result is null
                ? Op.Tensor(name, this, Arg.Sizes(dims), keepdim)
                : Op.Tensor(name + ".out", this, Arg.Sizes(dims), keepdim, result);

        private static (Tensor, Tensor?, Tensor?) Distinct(Tensor?[] found, bool inverse, bool counts)
        {
            if (!inverse) found[1]?.Dispose();
            if (!counts) found[2]?.Dispose();
            return (found[0]!, inverse ? found[1] : null, counts ? found[2] : null);
        }
    }
}
