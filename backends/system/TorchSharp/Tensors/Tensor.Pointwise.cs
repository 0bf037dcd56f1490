using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor abs() => Op.Tensor("abs", this);
        public Tensor abs_() => Op.InPlace("abs_", this);
        public Tensor absolute() => Op.Tensor("absolute", this);
        public Tensor absolute_() => Op.InPlace("absolute_", this);
        public Tensor exp() => Op.Tensor("exp", this);
        public Tensor exp_() => Op.InPlace("exp_", this);
        public Tensor exp2() => Op.Tensor("exp2", this);
        public Tensor exp2_() => Op.InPlace("exp2_", this);
        public Tensor expm1() => Op.Tensor("expm1", this);
        public Tensor expm1_() => Op.InPlace("expm1_", this);
        public Tensor log() => Op.Tensor("log", this);
        public Tensor log_() => Op.InPlace("log_", this);
        public Tensor log2() => Op.Tensor("log2", this);
        public Tensor log2_() => Op.InPlace("log2_", this);
        public Tensor log10() => Op.Tensor("log10", this);
        public Tensor log10_() => Op.InPlace("log10_", this);
        public Tensor log1p() => Op.Tensor("log1p", this);
        public Tensor log1p_() => Op.InPlace("log1p_", this);
        public Tensor sqrt() => Op.Tensor("sqrt", this);
        public Tensor sqrt_() => Op.InPlace("sqrt_", this);
        public Tensor rsqrt() => Op.Tensor("rsqrt", this);
        public Tensor rsqrt_() => Op.InPlace("rsqrt_", this);
        public Tensor square() => Op.Tensor("square", this);
        public Tensor reciprocal() => Op.Tensor("reciprocal", this);
        public Tensor reciprocal_() => Op.InPlace("reciprocal_", this);
        public Tensor round(long decimals = 0) => Op.Tensor("round.decimals", this, decimals);
        public Tensor round_(long decimals = 0) => Op.InPlace("round_.decimals", this, decimals);
        public Tensor floor() => Op.Tensor("floor", this);
        public Tensor floor_() => Op.InPlace("floor_", this);
        public Tensor ceil() => Op.Tensor("ceil", this);
        public Tensor ceil_() => Op.InPlace("ceil_", this);
        public Tensor trunc() => Op.Tensor("trunc", this);
        public Tensor trunc_() => Op.InPlace("trunc_", this);
        public Tensor frac() => Op.Tensor("frac", this);
        public Tensor frac_() => Op.InPlace("frac_", this);
        public Tensor sign() => Op.Tensor("sign", this);
        public Tensor sign_() => Op.InPlace("sign_", this);
        public Tensor sgn() => Op.Tensor("sgn", this);
        public Tensor sin() => Op.Tensor("sin", this);
        public Tensor sin_() => Op.InPlace("sin_", this);
        public Tensor cos() => Op.Tensor("cos", this);
        public Tensor cos_() => Op.InPlace("cos_", this);
        public Tensor tan() => Op.Tensor("tan", this);
        public Tensor tan_() => Op.InPlace("tan_", this);
        public Tensor asin() => Op.Tensor("asin", this);
        public Tensor asin_() => Op.InPlace("asin_", this);
        public Tensor acos() => Op.Tensor("acos", this);
        public Tensor acos_() => Op.InPlace("acos_", this);
        public Tensor atan() => Op.Tensor("atan", this);
        public Tensor atan_() => Op.InPlace("atan_", this);
        public Tensor atan2(Tensor other) => Op.Tensor("atan2", this, other);
        public Tensor atan2_(Tensor other) => Op.InPlace("atan2_", this, other);
        public Tensor sinh() => Op.Tensor("sinh", this);
        public Tensor cosh() => Op.Tensor("cosh", this);
        public Tensor erf() => Op.Tensor("erf", this);
        public Tensor erf_() => Op.InPlace("erf_", this);
        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null)
            => Op.Tensor("nan_to_num", this, nan, posinf, neginf);
        public Tensor nan_to_num_(double nan = 0, double? posinf = null, double? neginf = null)
            => Op.InPlace("nan_to_num_", this, nan, posinf, neginf);
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Op.Tensor("clamp", this, min, max);
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Op.Tensor("clamp.Tensor", this, min, max);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Op.InPlace("clamp_", this, min, max);
        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => Op.InPlace("clamp_.Tensor", this, min, max);
        public Tensor clamp_min(Scalar min) => Op.Tensor("clamp_min", this, min);
        public Tensor clamp_min_(Scalar min) => Op.InPlace("clamp_min_", this, min);
        public Tensor clamp_max(Scalar max) => Op.Tensor("clamp_max", this, max);
        public Tensor clamp_max_(Scalar max) => Op.InPlace("clamp_max_", this, max);
        public Tensor clip(Scalar? min = null, Scalar? max = null) => Op.Tensor("clip", this, min, max);
        public Tensor xlogy(Scalar y) => Op.Tensor("xlogy.Scalar_Other", this, y);
        public Tensor xlogy(Tensor y) => Op.Tensor("xlogy.Tensor", this, y);
        public Tensor logaddexp(Tensor other) => Op.Tensor("logaddexp", this, other);
        public Tensor deg2rad() => Op.Tensor("deg2rad", this);
        public Tensor rad2deg() => Op.Tensor("rad2deg", this);
        public Tensor hypot(Tensor other) => Op.Tensor("hypot", this, other);
    }
}
