namespace TorchSharp;

public static partial class torch
{
    // Members whose instance form differs in name or parameters.
    public static Tensor softmax(Tensor input, int dim, ScalarType? dtype = null) => input.softmax(dim, dtype);
    public static Tensor bincount(Tensor input, Tensor? weights = null, long minlength = 0) => input.bincount(weights, minlength);
    public static Tensor[] split(Tensor tensor, long[] split_size_or_sections, long dim = 0)
        => tensor.split(split_size_or_sections, dim);
    public static Tensor[] unbind(Tensor input, long dim = 0) => input.unbind(dim);
    public static Tensor gather(Tensor input, long dim, Tensor index) => input.gather(dim, index);
    public static Tensor norm(Tensor input) => input.norm();
    public static Tensor norm(Tensor input, int dimension, bool keepdim = false, float p = 2)
        => input.norm(dimension, keepdim, p);
}
