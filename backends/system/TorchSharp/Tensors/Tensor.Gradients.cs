using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public bool is_leaf => Bridge.tensor_is_leaf(Handle) != 0;

        public bool requires_grad
        {
            get => Bridge.tensor_requires_grad(Handle) != 0;
            set
            {
                Bridge.tensor_set_requires_grad(Handle, value ? 1 : 0);
                GC.KeepAlive(this);
                Bridge.Check();
            }
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public void retain_grad()
        {
            Bridge.tensor_retain_grad(Handle);
            GC.KeepAlive(this);
            Bridge.Check();
        }

        /// <summary>A new handle at every reading.</summary>
        public Tensor? grad
        {
            get
            {
                var gradient = Checked(Bridge.tensor_grad(Handle));
                return gradient == IntPtr.Zero ? null : new Tensor(gradient);
            }
            set
            {
                Bridge.tensor_set_grad(Handle, value?.Handle ?? IntPtr.Zero);
                GC.KeepAlive(this);
                GC.KeepAlive(value);
                Bridge.Check();
            }
        }

        public void backward() => autograd.backward([this], retain_graph: false);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null)
            => autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);

        public Tensor detach() => Op.Tensor("detach", this);
        public Tensor detach_() => Op.InPlace("detach_", this);
    }
}
