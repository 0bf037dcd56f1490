using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public class Sequential : nn.Module<Tensor, Tensor>
{
    private readonly List<(string name, nn.IModule<Tensor, Tensor> module)> steps = [];

    protected Sequential(params (string name, nn.Module<Tensor, Tensor> submodule)[] modules) : base(nameof(Sequential))
    {
        foreach (var (name, module) in modules) append(name, module);
    }

    protected internal Sequential(params nn.Module<Tensor, Tensor>[] modules) : base(nameof(Sequential))
    {
        foreach (var module in modules) append(module);
    }

    public int Count => steps.Count;

    [IndexerName("SequentialItems")]
    public nn.IModule<Tensor, Tensor> this[int index] => steps[index].module;

    [IndexerName("SequentialItems")]
    public Sequential this[(int? start, int? end) index]
    {
        get
        {
            var (start, end) = (index.start ?? 0, index.end ?? Count);
            if (start < 0 || start > Count) throw new IndexOutOfRangeException($"{start} is not a valid index.");
            if (end < 0 || end > Count) throw new IndexOutOfRangeException($"{end} is not a valid index.");
            var part = new Sequential(Array.Empty<nn.Module<Tensor, Tensor>>());
            for (var i = start; i < end; i++) part.steps.Add(steps[i]);
            return part;
        }
    }

    [IndexerName("SequentialItems")]
    public Sequential this[Range index] => this[(index.Start.GetOffset(Count), index.End.GetOffset(Count))];

    public Sequential append(nn.IModule<Tensor, Tensor> module) => append(Count.ToString(), module);

    public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
    {
        steps.Add((name, module));
        return this;
    }

    /// <summary>Each step's input, but for the first, is disposed once it is used.</summary>
    public override Tensor forward(Tensor tensor)
    {
        if (Count == 0) return tensor.alias();
        var result = steps[0].module.call(tensor);
        foreach (var (_, module) in steps.Skip(1))
        {
            using var input = result;
            result = module.call(input);
        }
        return result;
    }

    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
        => Distinct<Parameter>([], recurse ? Children.Select(c => (c.name, c.module.named_parameters(true))) : []);

    public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_persistent = true)
        => Distinct<Tensor>([], recurse ? Children.Select(c => (c.name, c.module.named_buffers(true, include_persistent))) : []);

    public override IEnumerable<(string name, nn.Module module)> named_children() => Children;

    public override IEnumerable<(string name, nn.Module module)> named_modules()
        => Children.Concat(Children.SelectMany(c => c.module.named_modules().Select(m => ($"{c.name}.{m.name}", m.module))));

    public override nn.Module apply(Action<nn.Module> fn)
    {
        foreach (var (_, module) in Children) module.apply(fn);
        fn(this);
        return this;
    }

    public override void train(bool on = true) => base.train(on);

    public override void eval() => base.eval();

    protected internal override nn.Module _to(ScalarType dtype, bool non_blocking) => Each(m => m._to(dtype, non_blocking));

    protected internal override nn.Module _to(Device device, ScalarType dtype, bool non_blocking)
        => Each(m => m._to(device, dtype, non_blocking));

    protected internal override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
        => Each(m => m._to(deviceType, deviceIndex, non_blocking));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var (_, module) in Children) module.Dispose();
        base.Dispose(disposing);
    }

    private IEnumerable<(string name, nn.Module module)> Children => steps.Select(s => (s.name, (nn.Module)s.module));

    private Sequential Each(Action<nn.Module> move)
    {
        foreach (var (_, module) in Children) move(module);
        return this;
    }
}
