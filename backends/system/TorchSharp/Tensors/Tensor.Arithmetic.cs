using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor add(Scalar scalar) => Op.Tensor("add.Scalar", this, scalar);
        public Tensor add(Tensor target) => Op.Tensor("add.Tensor", this, target);
        public Tensor add(Scalar scalar, Scalar alpha) => Op.Tensor("add.Scalar", this, scalar, alpha);
        public Tensor add(Tensor target, Scalar alpha) => Op.Tensor("add.Tensor", this, target, alpha);
        public Tensor add_(Scalar scalar) => Op.InPlace("add_.Scalar", this, scalar);
        public Tensor add_(Tensor target) => Op.InPlace("add_.Tensor", this, target);
        public Tensor add_(Scalar scalar, Scalar alpha) => Op.InPlace("add_.Scalar", this, scalar, alpha);
        public Tensor add_(Tensor target, Scalar alpha) => Op.InPlace("add_.Tensor", this, target, alpha);
        public Tensor sub(Scalar target) => Op.Tensor("sub.Scalar", this, target);
        public Tensor sub(Tensor target) => Op.Tensor("sub.Tensor", this, target);
        public Tensor sub_(Scalar target) => Op.InPlace("sub_.Scalar", this, target);
        public Tensor sub_(Tensor target) => Op.InPlace("sub_.Tensor", this, target);
        public Tensor subtract(Scalar target) => Op.Tensor("subtract.Scalar", this, target);
        public Tensor subtract(Tensor target) => Op.Tensor("subtract.Tensor", this, target);
        public Tensor subtract_(Scalar target) => Op.InPlace("subtract_.Scalar", this, target);
        public Tensor subtract_(Tensor target) => Op.InPlace("subtract_.Tensor", this, target);
        public Tensor mul(Scalar target) => Op.Tensor("mul.Scalar", this, target);
        public Tensor mul(Tensor target) => Op.Tensor("mul.Tensor", this, target);
        public Tensor mul_(Scalar target) => Op.InPlace("mul_.Scalar", this, target);
        public Tensor mul_(Tensor target) => Op.InPlace("mul_.Tensor", this, target);
        public Tensor multiply(Scalar target) => Op.Tensor("multiply.Scalar", this, target);
        public Tensor multiply(Tensor target) => Op.Tensor("multiply.Tensor", this, target);
        public Tensor remainder(Scalar scalar) => Op.Tensor("remainder.Scalar", this, scalar);
        public Tensor remainder(Tensor target) => Op.Tensor("remainder.Tensor", this, target);
        public Tensor remainder_(Scalar scalar) => Op.InPlace("remainder_.Scalar", this, scalar);
        public Tensor remainder_(Tensor target) => Op.InPlace("remainder_.Tensor", this, target);
        public Tensor fmod(Scalar scalar) => Op.Tensor("fmod.Scalar", this, scalar);
        public Tensor fmod(Tensor target) => Op.Tensor("fmod.Tensor", this, target);
        public Tensor fmod_(Scalar scalar) => Op.InPlace("fmod_.Scalar", this, scalar);
        public Tensor fmod_(Tensor target) => Op.InPlace("fmod_.Tensor", this, target);
        public Tensor floor_divide(Scalar other) => Op.Tensor("floor_divide.Scalar", this, other);
        public Tensor floor_divide(Tensor other) => Op.Tensor("floor_divide", this, other);
        public Tensor floor_divide_(Scalar other) => Op.InPlace("floor_divide_.Scalar", this, other);
        public Tensor floor_divide_(Tensor other) => Op.InPlace("floor_divide_.Tensor", this, other);
        public Tensor pow(Scalar exponent) => Op.Tensor("pow.Tensor_Scalar", this, exponent);
        public Tensor pow(Tensor exponent) => Op.Tensor("pow.Tensor_Tensor", this, exponent);
        public Tensor pow_(Scalar exponent) => Op.InPlace("pow_.Scalar", this, exponent);
        public Tensor pow_(Tensor exponent) => Op.InPlace("pow_.Tensor", this, exponent);
        public Tensor neg() => Op.Tensor("neg", this);
        public Tensor neg_() => Op.InPlace("neg_", this);
        public Tensor negative() => Op.Tensor("negative", this);
        public Tensor lerp(Tensor end, Tensor weight) => Op.Tensor("lerp.Tensor", this, end, weight);
        public Tensor lerp_(Tensor end, Tensor weight) => Op.InPlace("lerp_.Tensor", this, end, weight);
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value)
            => Op.Tensor("addcmul", this, tensor1, tensor2, value);
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value)
            => Op.InPlace("addcmul_", this, tensor1, tensor2, value);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => Op.Tensor("addcdiv", this, tensor1, tensor2);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value)
            => Op.Tensor("addcdiv", this, tensor1, tensor2, value);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => Op.InPlace("addcdiv_", this, tensor1, tensor2);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value)
            => Op.InPlace("addcdiv_", this, tensor1, tensor2, value);
        public Tensor maximum(Tensor other) => Op.Tensor("maximum", this, other);
        public Tensor minimum(Tensor other) => Op.Tensor("minimum", this, other);
        public Tensor fmax(Tensor other) => Op.Tensor("fmax", this, other);
        public Tensor fmin(Tensor other) => Op.Tensor("fmin", this, other);
    }
}
