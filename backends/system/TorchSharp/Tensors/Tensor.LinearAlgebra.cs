using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor matmul(Tensor target) => Op.Tensor("matmul", this, target);
        public Tensor mm(Tensor target) => Op.Tensor("mm", this, target);
        public Tensor bmm(Tensor batch2) => Op.Tensor("bmm", this, batch2);
        public Tensor mv(Tensor target) => Op.Tensor("mv", this, target);
        public Tensor dot(Tensor target) => Op.Tensor("dot", this, target);
        public Tensor outer(Tensor vec2) => Op.Tensor("outer", this, vec2);
        public Tensor ger(Tensor vec2) => Op.Tensor("ger", this, vec2);
        public Tensor inner(Tensor vec2) => Op.Tensor("inner", this, vec2);
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1)
            => Op.Tensor("addmm", this, mat1, mat2, (double)beta, (double)alpha);
        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1)
            => Op.InPlace("addmm_", this, mat1, mat2, (double)beta, (double)alpha);
        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1, float alpha = 1)
            => Op.Tensor("addmv", this, mat, vec, (double)beta, (double)alpha);
        public Tensor addbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1)
            => Op.Tensor("addbmm", this, batch1, batch2, (double)beta, (double)alpha);
        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1)
            => Op.Tensor("baddbmm", this, batch1, batch2, (double)beta, (double)alpha);
        public Tensor kron(Tensor other) => Op.Tensor("kron", this, other);
        public Tensor inverse() => Op.Tensor("inverse", this);
        public Tensor det() => Op.Tensor("det", this);
    }
}
