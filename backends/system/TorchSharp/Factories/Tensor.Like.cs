using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor zeros_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
            => Like("zeros_like", dtype, device, requires_grad);

        public Tensor ones_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
            => Like("ones_like", dtype, device, requires_grad);

        public Tensor empty_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
            => Like("empty_like", dtype, device, requires_grad);

        public Tensor rand_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
            => Like("rand_like", dtype, device, requires_grad);

        public Tensor randn_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
            => Like("randn_like", dtype, device, requires_grad);

        public Tensor full_like(Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
            => Finished(
                Op.Tensor("full_like", this, value, dtype ?? this.dtype, Arg.None, device ?? this.device), requires_grad, null);

        public Tensor randint_like(long low, long high, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
            => Finished(
                Op.Tensor("randint_like.low_dtype", this, low, high, dtype ?? this.dtype, Arg.None, device ?? this.device),
                requires_grad, null);

        public Tensor new_zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
            => torch.zeros(size, dtype ?? this.dtype, device ?? this.device, requires_grad);

        public Tensor new_empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
            => torch.empty(size, dtype ?? this.dtype, device ?? this.device, requires_grad);

        public Tensor new_full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
            => torch.full(size, value, dtype ?? this.dtype, device ?? this.device, requires_grad);

        private Tensor Like(string op, ScalarType? dtype, Device? device, bool requires_grad)
            => Finished(Op.Tensor(op, this, dtype ?? this.dtype, Arg.None, device ?? this.device), requires_grad, null);
    }
}
