using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor relu() => Op.Tensor("relu", this);
        public Tensor relu_() => Op.InPlace("relu_", this);
        public Tensor relu6() => Op.Tensor("relu6", this);
        public Tensor relu6_() => Op.InPlace("relu6_", this);
        public Tensor sigmoid() => Op.Tensor("sigmoid", this);
        public Tensor sigmoid_() => Op.InPlace("sigmoid_", this);
        public Tensor tanh() => Op.Tensor("tanh", this);
        public Tensor tanh_() => Op.InPlace("tanh_", this);
        public Tensor silu() => Op.Tensor("silu", this);
        public Tensor silu_() => Op.InPlace("silu_", this);
        public Tensor leaky_relu(Scalar negative_slope) => Op.Tensor("leaky_relu", this, negative_slope);
        public Tensor leaky_relu_(Scalar negative_slope) => Op.InPlace("leaky_relu_", this, negative_slope);
        public Tensor hardtanh(Scalar min, Scalar max) => Op.Tensor("hardtanh", this, min, max);
        public Tensor hardsigmoid() => Op.Tensor("hardsigmoid", this);
        public Tensor hardswish() => Op.Tensor("hardswish", this);
        public Tensor log_sigmoid() => Op.Tensor("log_sigmoid", this);
        public Tensor softmax(long dim, ScalarType? dtype = null) => Op.Tensor("softmax.int", this, dim, dtype);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Op.Tensor("log_softmax.int", this, dim, dtype);
    }
}
