using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha)
            => Op.Tensor("index_add", this, dim, Long(index), source, alpha);
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha)
            => Op.InPlace("index_add_", this, dim, Long(index), source, alpha);

        public Tensor index_copy(long dim, Tensor index, Tensor source)
            => Op.Tensor("index_copy", this, dim, Long(index), source);
        public Tensor index_copy_(long dim, Tensor index, Tensor source)
            => Op.InPlace("index_copy_", this, dim, Long(index), source);

        public Tensor index_fill(long dim, Tensor index, Scalar value)
            => Op.Tensor("index_fill.int_Scalar", this, dim, Long(index), value);
        public Tensor index_fill_(long dim, Tensor index, Scalar value)
            => Op.InPlace("index_fill_.int_Scalar", this, dim, Long(index), value);

        public Tensor where(Tensor condition, Tensor y)
            => condition.dtype == ScalarType.Bool
                ? Op.Tensor("where.self", condition, this, y)
                : throw new ArgumentException("The condition to 'where' must be a boolean tensor.");

        public Tensor fill_(Scalar value) => Op.InPlace("fill_.Scalar", this, value);

        // As in the packages: in place, and yet a new handle.
        public Tensor zero_() => Op.Tensor("zeros.out", shape, this);

        public Tensor random_(double from, double to, Generator? generator = null)
            => Op.InPlace("random_.from", this, (long)from, (long)to, generator);

        // The packages' name for eq; whether all elements are equal is Equals.
        public Tensor equal(Tensor target) => eq(target);
        public bool Equals(Tensor target) => target is not null && Op.Bool("equal", this, target);

        private static Tensor Long(Tensor index)
            => index.dtype == ScalarType.Int64
                ? index
                : throw new ArgumentException("Element type of 'index' must be 'Int64'");
    }
}
