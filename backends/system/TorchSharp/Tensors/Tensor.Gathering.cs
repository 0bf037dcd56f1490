using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor index_select(long dim, Tensor index) => Op.Tensor("index_select", this, dim, index);
        public Tensor gather(long dim, Tensor index) => Op.Tensor("gather", this, dim, index);
        public Tensor take(Tensor index) => Op.Tensor("take", this, index);
        public Tensor take_along_dim(Tensor indices) => Op.Tensor("take_along_dim", this, indices);
        public Tensor take_along_dim(Tensor indices, long dim) => Op.Tensor("take_along_dim", this, indices, dim);
        public Tensor scatter(long dim, Tensor index, Tensor src) => Op.Tensor("scatter.src", this, dim, index, src);
        public Tensor scatter_(long dim, Tensor index, Tensor src) => Op.InPlace("scatter_.src", this, dim, index, src);
        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Op.Tensor("scatter_add", this, dim, index, src);
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Op.InPlace("scatter_add_", this, dim, index, src);
        public Tensor masked_fill(Tensor mask, Scalar value) => Op.Tensor("masked_fill.Scalar", this, mask, value);
        public Tensor masked_fill_(Tensor mask, Scalar value) => Op.InPlace("masked_fill_.Scalar", this, mask, value);
        public Tensor masked_scatter(Tensor mask, Tensor value) => Op.Tensor("masked_scatter", this, mask, value);
        public Tensor masked_scatter_(Tensor mask, Tensor value) => Op.InPlace("masked_scatter_", this, mask, value);
        public Tensor masked_select(Tensor mask) => Op.Tensor("masked_select", this, mask);
        public Tensor nonzero() => Op.Tensor("nonzero", this);
        public Tensor argwhere() => Op.Tensor("argwhere", this);
        public Tensor select_scatter(Tensor src, long dim, long index) => Op.Tensor("select_scatter", this, src, dim, index);
        public Tensor slice_scatter(Tensor src, long dim = 0, long? start = null, long? end = null, long step = 1)
            => Op.Tensor("slice_scatter", this, src, dim, start, end, step);
        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false)
            => Op.Tensor("bucketize.Tensor", this, boundaries, outInt32, right);
    }
}
