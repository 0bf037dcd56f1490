using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static unsafe partial class autograd
    {
        public static void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            var grads = grad_tensors is null ? null : Handles(grad_tensors);
            fixed (IntPtr* roots = Handles(tensors), wanted = Handles(inputs ?? []), seeds = grads)
                Bridge.autograd_backward(roots, tensors.Count, seeds, retain_graph ?? create_graph ? 1 : 0,
                    create_graph ? 1 : 0, wanted, inputs?.Count ?? 0);
            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
            Bridge.Check();
        }

        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
            => backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
            => backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        public static IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            var results = new IntPtr[inputs.Count];
            var grads = grad_outputs is null ? null : Handles(grad_outputs);
            fixed (IntPtr* roots = Handles(outputs), wanted = Handles(inputs), seeds = grads, computed = results)
                Bridge.autograd_grad(roots, outputs.Count, wanted, inputs.Count, seeds, retain_graph ? 1 : 0,
                    create_graph ? 1 : 0, allow_unused ? 1 : 0, computed);
            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            Bridge.Check();
            // An input that the outputs do not depend on has none, if that is allowed.
            return results.Select(h => h == IntPtr.Zero ? null! : new Tensor(h)).ToList();
        }

        public static AnomalyMode detect_anomaly(bool check_nan = true) => new(true, check_nan);

        public static AnomalyMode set_detect_anomaly(bool mode, bool check_nan = true) => new(mode, check_nan);

        private static IntPtr[] Handles(IEnumerable<Tensor> tensors) => tensors.Select(t => t?.Handle ?? IntPtr.Zero).ToArray();
    }
}
