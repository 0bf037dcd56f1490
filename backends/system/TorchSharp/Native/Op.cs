using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace TorchSharp.Native;

/// <summary>Calls libtorch's operators by name: <c>add.Tensor</c> is overload Tensor of aten::add.</summary>
internal static unsafe class Op
{
    private const int StackWords = 128;

    private static readonly ConcurrentDictionary<string, IntPtr> Known = new();

    public static torch.Tensor Tensor(string name, params ReadOnlySpan<Arg> args)
    {
        Invoke(name, args, out var results);
        return new torch.Tensor(results[0].Pointer);
    }

    public static (torch.Tensor, torch.Tensor) Pair(string name, params ReadOnlySpan<Arg> args)
    {
        Invoke(name, args, out var results);
        var (first, second) = (results[0].Pointer, results[1].Pointer);
        return (new torch.Tensor(first), new torch.Tensor(second));
    }

    /// <summary>All the tensors that the operator gives; an undefined one is null.</summary>
    public static torch.Tensor?[] Tensors(string name, params ReadOnlySpan<Arg> args)
    {
        var count = Invoke(name, args, out var results);
        var handles = new IntPtr[count];
        for (var i = 0; i < count; i++) handles[i] = results[i].Pointer;
        return Array.ConvertAll(handles, h => h == IntPtr.Zero ? null : new torch.Tensor(h));
    }

    public static torch.Tensor[] List(string name, params ReadOnlySpan<Arg> args) => Tensors(name, args)!;

    /// <summary>For an operator that works in place: gives <paramref name="self"/>, as TorchSharp does.</summary>
    public static torch.Tensor InPlace(string name, torch.Tensor self, params ReadOnlySpan<Arg> args)
    {
        Span<Arg> all = new Arg[args.Length + 1];
        all[0] = self;
        args.CopyTo(all[1..]);
        Run(name, all);
        return self;
    }

    public static void Run(string name, params ReadOnlySpan<Arg> args)
    {
        var count = Invoke(name, args, out var results);
        for (var i = 0; i < count; i++)
            if (results[i].Tag == Tag.Tensor && results[i].Pointer != IntPtr.Zero) Bridge.tensor_free(results[i].Pointer);
    }

    public static Value Single(string name, params ReadOnlySpan<Arg> args)
    {
        Invoke(name, args, out var results);
        return results[0];
    }

    public static bool Bool(string name, params ReadOnlySpan<Arg> args) => Single(name, args).Int != 0;

    [SkipLocalsInit]
    private static int Invoke(string name, ReadOnlySpan<Arg> args, out Value* results)
    {
        var handle = Known.TryGetValue(name, out var known) ? known : Find(name);
        var values = stackalloc Value[args.Length];
        var needed = 0;
        foreach (ref readonly var arg in args) needed += arg.Words;
        var onStack = stackalloc long[StackWords];
        var words = needed <= StackWords ? onStack : (long*)NativeMemory.Alloc((nuint)needed, sizeof(long));
        try
        {
            var next = words;
            for (var i = 0; i < args.Length; i++)
            {
                values[i] = args[i].Write(next);
                next += args[i].Words;
            }
            Value* written;
            var count = Bridge.operator_call(handle, values, args.Length, &written);
            foreach (ref readonly var arg in args) arg.KeepAlive();
            if (count < 0) Bridge.Check();
            results = written;
            return count;
        }
        finally
        {
            if (words != onStack) NativeMemory.Free(words);
        }
    }

    private static IntPtr Find(string name)
    {
        var dot = name.IndexOf('.');
        var bare = Encoding.UTF8.GetBytes("aten::" + (dot < 0 ? name : name[..dot]) + '\0');
        var overload = Encoding.UTF8.GetBytes((dot < 0 ? "" : name[(dot + 1)..]) + '\0');
        fixed (byte* n = bare)
        fixed (byte* o = overload)
        {
            var handle = Bridge.operator_find(n, o);
            if (handle == IntPtr.Zero) Bridge.Check();
            return Known.GetOrAdd(name, handle);
        }
    }
}
