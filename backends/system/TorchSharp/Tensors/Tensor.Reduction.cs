using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor all() => Op.Tensor("all", this);
        public Tensor all(long dim, bool keepdim = false) => Op.Tensor("all.dim", this, dim, keepdim);
        public Tensor any() => Op.Tensor("any", this);
        public Tensor any(long dim, bool keepdim = false) => Op.Tensor("any.dim", this, dim, keepdim);
        public Tensor max() => Op.Tensor("max", this);
        public Tensor max(Tensor other) => Op.Tensor("max.other", this, other);
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => Op.Pair("max.dim", this, dim, keepdim);
        public Tensor min() => Op.Tensor("min", this);
        public Tensor min(Tensor other) => Op.Tensor("min.other", this, other);
        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => Op.Pair("min.dim", this, dim, keepdim);
        public Tensor argmax() => Op.Tensor("argmax", this);
        public Tensor argmax(long dim, bool keepdim = false) => Op.Tensor("argmax", this, dim, keepdim);
        public Tensor argmin() => Op.Tensor("argmin", this);
        public Tensor argmin(long dim, bool keepdim = false) => Op.Tensor("argmin", this, dim, keepdim);
        public Tensor median() => Op.Tensor("median", this);
        public Tensor nanmedian() => Op.Tensor("nanmedian", this);
        public Tensor nansum() => Op.Tensor("nansum", this);
        public Tensor cumsum(long dim, ScalarType? type = null) => Op.Tensor("cumsum", this, dim, type);
        public Tensor cumprod(long dim, ScalarType? type = null) => Op.Tensor("cumprod", this, dim, type);
        public (Tensor values, Tensor indices) cummax(long dim) => Op.Pair("cummax", this, dim);
        public (Tensor values, Tensor indices) cummin(long dim) => Op.Pair("cummin", this, dim);
        public Tensor prod(ScalarType? type = null) => Op.Tensor("prod", this, type);
        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null)
            => Op.Tensor("prod.dim_int", this, dim, keepdim, type);
        public Tensor bincount(Tensor? weights, long minlength = 0) => Op.Tensor("bincount", this, weights, minlength);
        public (Tensor values, Tensor indices) topk(int k, int dim = -1, bool largest = true, bool sorted = true)
            => Op.Pair("topk", this, k, dim, largest, sorted);
        public Tensor argsort(long dim = -1, bool descending = false) => Op.Tensor("argsort", this, dim, descending);
        public Tensor msort() => Op.Tensor("msort", this);
        public Tensor logcumsumexp(long dim) => Op.Tensor("logcumsumexp", this, dim);
        public (Tensor min, Tensor max) aminmax(long? dim = null, bool keepdim = false)
            => Op.Pair("aminmax", this, dim, keepdim);
        public (Tensor values, Tensor indices) mode(long dim = -1, bool keepdim = false) => Op.Pair("mode", this, dim, keepdim);
        public Tensor dist(Tensor other, float p = 2) => Op.Tensor("dist", this, other, (double)p);
        public Tensor trace() => Op.Tensor("trace", this);
    }
}
