using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            // An OrderedDict is a sequence of two kinds of pairs; these name the kind.
            private IEnumerable<(string name, Module module)> Submodules => _internal_submodules;
            private IEnumerable<(string name, (Tensor tensor, bool persistent) buffer)> Buffers => _internal_buffers;

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
                => Distinct(
                    _internal_params,
                    recurse ? Submodules.Select(m => (m.name, m.module.named_parameters(true))) : []);

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
                => Distinct(
                    // The packages leave buffers that are not persistent out, whatever was asked for.
                    Buffers.Where(b => b.buffer.persistent).Select(b => (b.name, b.buffer.tensor)),
                    recurse ? Submodules.Select(m => (m.name, m.module.named_buffers(true, include_nonpersistent))) : []);

            public virtual IEnumerable<(string name, Module module)> named_children() => Submodules;

            public virtual IEnumerable<(string name, Module module)> named_modules()
                => Submodules.Concat(Submodules.SelectMany(
                    child => child.module.named_modules().Select(m => ($"{child.name}.{m.name}", m.module))));

            public virtual IEnumerable<Parameter> parameters(bool recurse = true)
                => named_parameters(recurse).Select(p => p.parameter);

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true)
                => named_buffers(recurse, include_nonpersistent).Select(b => b.buffer);

            public virtual IEnumerable<Module> modules() => named_modules().Select(m => m.module);

            public virtual IEnumerable<Module> children() => named_children().Select(m => m.module);

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            public virtual Parameter? get_parameter(string target)
                => _internal_params.TryGetValue(target, out var parameter)
                    ? parameter
                    : Below(target, (module, rest) => module.get_parameter(rest));

            public virtual Tensor? get_buffer(string target)
                => _internal_buffers.TryGetValue(target, out var buffer)
                    ? buffer.Item1
                    : Below(target, (module, rest) => module.get_buffer(rest));

            private TFound? Below<TFound>(string target, Func<Module, string, TFound?> find) where TFound : class
            {
                var dot = target.IndexOf('.');
                return dot < 0
                    ? null
                    : named_children().Where(child => child.name == target[..dot])
                        .Select(child => find(child.module, target[(dot + 1)..])).FirstOrDefault(found => found is not null);
            }

            /// <summary>A tensor that stands in more than one place is named once, by its first place.</summary>
            internal static IEnumerable<(string, TTensor)> Distinct<TTensor>(
                IEnumerable<(string, TTensor)> own, IEnumerable<(string, IEnumerable<(string, TTensor)>)> below)
                where TTensor : Tensor
            {
                var seen = new HashSet<IntPtr>();
                foreach (var (name, tensor) in own)
                    if (!tensor.IsInvalid && seen.Add(tensor.Handle)) yield return (name, tensor);
                foreach (var (prefix, tensors) in below)
                    foreach (var (name, tensor) in tensors)
                        if (!tensor.IsInvalid && seen.Add(tensor.Handle)) yield return ($"{prefix}.{name}", tensor);
            }
        }
    }
}
