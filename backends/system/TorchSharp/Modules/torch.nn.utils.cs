using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Scales the gradients so that their common norm is at most the given one; gives the norm before.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                using var leaves = no_grad();
                using var scope = NewDisposeScope();
                var gradients = tensors.Select(p => p.grad).OfType<Tensor>().ToList();
                if (gradients.Count == 0) return 0;
                var total = double.IsPositiveInfinity(norm_type)
                    ? gradients.Max(g => g.abs().max().ToDouble())
                    : stack(gradients.Select(g => g.norm((float)norm_type)).ToList()).norm((float)norm_type).ToDouble();
                var factor = max_norm / (total + 1e-6);
                if (factor < 1)
                    foreach (var gradient in gradients) gradient.mul_(factor);
                return total;
            }

            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var leaves = no_grad();
                using var scope = NewDisposeScope();
                foreach (var gradient in tensors.Select(p => p.grad).OfType<Tensor>()) gradient.clamp_(-clip_value, clip_value);
            }
        }
    }
}
