using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor eq(Scalar target) => Op.Tensor("eq.Scalar", this, target);
        public Tensor eq(Tensor target) => Op.Tensor("eq.Tensor", this, target);
        public Tensor eq_(Scalar target) => Op.InPlace("eq_.Scalar", this, target);
        public Tensor eq_(Tensor target) => Op.InPlace("eq_.Tensor", this, target);
        public Tensor ne(Scalar target) => Op.Tensor("ne.Scalar", this, target);
        public Tensor ne(Tensor target) => Op.Tensor("ne.Tensor", this, target);
        public Tensor ne_(Scalar target) => Op.InPlace("ne_.Scalar", this, target);
        public Tensor ne_(Tensor target) => Op.InPlace("ne_.Tensor", this, target);
        public Tensor lt(Scalar target) => Op.Tensor("lt.Scalar", this, target);
        public Tensor lt(Tensor target) => Op.Tensor("lt.Tensor", this, target);
        public Tensor lt_(Scalar target) => Op.InPlace("lt_.Scalar", this, target);
        public Tensor lt_(Tensor target) => Op.InPlace("lt_.Tensor", this, target);
        public Tensor le(Scalar target) => Op.Tensor("le.Scalar", this, target);
        public Tensor le(Tensor target) => Op.Tensor("le.Tensor", this, target);
        public Tensor le_(Scalar target) => Op.InPlace("le_.Scalar", this, target);
        public Tensor le_(Tensor target) => Op.InPlace("le_.Tensor", this, target);
        public Tensor gt(Scalar target) => Op.Tensor("gt.Scalar", this, target);
        public Tensor gt(Tensor target) => Op.Tensor("gt.Tensor", this, target);
        public Tensor gt_(Scalar target) => Op.InPlace("gt_.Scalar", this, target);
        public Tensor gt_(Tensor target) => Op.InPlace("gt_.Tensor", this, target);
        public Tensor ge(Scalar target) => Op.Tensor("ge.Scalar", this, target);
        public Tensor ge(Tensor target) => Op.Tensor("ge.Tensor", this, target);
        public Tensor ge_(Scalar target) => Op.InPlace("ge_.Scalar", this, target);
        public Tensor ge_(Tensor target) => Op.InPlace("ge_.Tensor", this, target);
        public Tensor isnan() => Op.Tensor("isnan", this);
        public Tensor isinf() => Op.Tensor("isinf", this);
        public Tensor isfinite() => Op.Tensor("isfinite", this);
        public Tensor isposinf() => Op.Tensor("isposinf", this);
        public Tensor isneginf() => Op.Tensor("isneginf", this);
        public Tensor isclose(Tensor other, double rtol = 1E-05, double atol = 1E-08, bool nanEqual = false)
            => Op.Tensor("isclose", this, other, rtol, atol, nanEqual);
        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false)
            => Op.Tensor("isin.Tensor_Tensor", this, test_elements, assumeUnique, invert);
        public bool allclose(Tensor target, double rtol = 1E-05, double atol = 1E-08, bool equal_nan = false)
            => Op.Bool("allclose", this, target, rtol, atol, equal_nan);
        public Tensor logical_and(Tensor other) => Op.Tensor("logical_and", this, other);
        public Tensor logical_and_(Tensor other) => Op.InPlace("logical_and_", this, other);
        public Tensor logical_or(Tensor other) => Op.Tensor("logical_or", this, other);
        public Tensor logical_or_(Tensor other) => Op.InPlace("logical_or_", this, other);
        public Tensor logical_xor(Tensor other) => Op.Tensor("logical_xor", this, other);
        public Tensor logical_xor_(Tensor other) => Op.InPlace("logical_xor_", this, other);
        public Tensor logical_not() => Op.Tensor("logical_not", this);
        public Tensor logical_not_() => Op.InPlace("logical_not_", this);
        public Tensor bitwise_and(Tensor other) => Op.Tensor("bitwise_and.Tensor", this, other);
        public Tensor bitwise_and_(Tensor other) => Op.InPlace("bitwise_and_.Tensor", this, other);
        public Tensor bitwise_or(Tensor other) => Op.Tensor("bitwise_or.Tensor", this, other);
        public Tensor bitwise_or_(Tensor other) => Op.InPlace("bitwise_or_.Tensor", this, other);
        public Tensor bitwise_xor(Tensor other) => Op.Tensor("bitwise_xor.Tensor", this, other);
        public Tensor bitwise_xor_(Tensor other) => Op.InPlace("bitwise_xor_.Tensor", this, other);
        public Tensor bitwise_not() => Op.Tensor("bitwise_not", this);
        public Tensor bitwise_not_() => Op.InPlace("bitwise_not_", this);
        public Tensor bitwise_left_shift(Tensor other) => Op.Tensor("bitwise_left_shift.Tensor", this, other);
        public Tensor bitwise_left_shift_(Tensor other) => Op.InPlace("bitwise_left_shift_.Tensor", this, other);
        public Tensor bitwise_right_shift(Tensor other) => Op.Tensor("bitwise_right_shift.Tensor", this, other);
        public Tensor bitwise_right_shift_(Tensor other) => Op.InPlace("bitwise_right_shift_.Tensor", this, other);
    }
}
