using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor view(params long[] shape) => Op.Tensor("view", this, shape);
        public Tensor view_as(Tensor other) => Op.Tensor("view_as", this, other);
        public Tensor reshape(params long[] shape) => Op.Tensor("reshape", this, shape);
        public Tensor transpose(long dim0, long dim1) => Op.Tensor("transpose.int", this, dim0, dim1);
        public Tensor transpose_(long dim0, long dim1) => Op.InPlace("transpose_", this, dim0, dim1);
        public Tensor t() => Op.Tensor("t", this);
        public Tensor swapaxes(long dim0, long dim1) => Op.Tensor("swapaxes", this, dim0, dim1);
        public Tensor swapdims(long dim0, long dim1) => Op.Tensor("swapdims", this, dim0, dim1);
        public Tensor movedim(long[] source, long[] destination) => Op.Tensor("movedim.intlist", this, source, destination);
        public Tensor moveaxis(long[] source, long[] destination) => Op.Tensor("moveaxis.intlist", this, source, destination);
        public Tensor unsqueeze(long dim) => Op.Tensor("unsqueeze", this, dim);
        public Tensor unsqueeze_(long dim) => Op.InPlace("unsqueeze_", this, dim);
        public Tensor flatten(long start_dim = 0, long end_dim = -1)
            => Op.Tensor("flatten.using_ints", this, start_dim, end_dim);
        public Tensor ravel() => Op.Tensor("ravel", this);
        public Tensor unflatten(long dim, params long[] sizes) => Op.Tensor("unflatten.int", this, dim, sizes);
        public Tensor expand_as(Tensor other) => Op.Tensor("expand_as", this, other);
        public Tensor broadcast_to(params long[] shape) => Op.Tensor("broadcast_to", this, shape);
        public Tensor repeat(params long[] sizes) => Op.Tensor("repeat", this, sizes);
        public Tensor tile(long[] reps) => Op.Tensor("tile", this, reps);
        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null)
            => Op.Tensor("repeat_interleave.self_int", this, repeats, dim, output_size);
        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null)
            => Op.Tensor("repeat_interleave.self_Tensor", this, repeats, dim, output_size);
        public Tensor narrow(long dim, long start, long length) => Op.Tensor("narrow", this, dim, start, length);
        public Tensor select(long dim, long index) => Op.Tensor("select.int", this, dim, index);
        public Tensor slice(long dim, long start, long finish, long step)
            => Op.Tensor("slice.Tensor", this, dim, start, finish, step);
        public Tensor[] chunk(long chunks, long dim = 0) => Op.List("chunk", this, chunks, dim);
        public Tensor[] unbind(long dimension = 0) => Op.List("unbind.int", this, dimension);
        public Tensor unfold(long dimension, long size, long step) => Op.Tensor("unfold", this, dimension, size, step);
        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0)
            => Op.Tensor("as_strided", this, size, strides, storageOffset);
        public Tensor diag(long diagonal = 0) => Op.Tensor("diag", this, diagonal);
        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) => Op.Tensor("diagonal", this, offset, dim1, dim2);
        public Tensor diag_embed(long offset = 0, long dim1 = -2, long dim2 = -1)
            => Op.Tensor("diag_embed", this, offset, dim1, dim2);
        public Tensor tril(long diagonal = 0) => Op.Tensor("tril", this, diagonal);
        public Tensor tril_(long diagonal = 0) => Op.InPlace("tril_", this, diagonal);
        public Tensor triu(long diagonal = 0) => Op.Tensor("triu", this, diagonal);
        public Tensor triu_(long diagonal = 0) => Op.InPlace("triu_", this, diagonal);
        public Tensor flip(params long[] dims) => Op.Tensor("flip", this, dims);
        public Tensor fliplr() => Op.Tensor("fliplr", this);
        public Tensor flipud() => Op.Tensor("flipud", this);
        public Tensor roll(long[] shifts) => Op.Tensor("roll", this, shifts);
        public Tensor roll(long[] shifts, long[] dims) => Op.Tensor("roll", this, shifts, dims);
        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default)
            => Op.Tensor("roll", this, Arg.Sizes(shifts), Arg.Sizes(dims));
    }
}
