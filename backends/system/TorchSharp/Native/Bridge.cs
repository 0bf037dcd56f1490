using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace TorchSharp.Native;

/// <summary>The functions of libtorch_bridge.so.</summary>
internal static unsafe class Bridge
{
    private const string Library = "torch_bridge";

    // Loaded here and not by the import itself, so that what is missing comes with its remedy.
    static Bridge() => NativeLibrary.SetDllImportResolver(typeof(Bridge).Assembly, Resolve);

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library) return IntPtr.Zero;
        var folder = Path.GetDirectoryName(assembly.Location);
        var file = Path.Combine(string.IsNullOrEmpty(folder) ? AppContext.BaseDirectory : folder, "libtorch_bridge.so");
        try
        {
            return NativeLibrary.Load(file);
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException(
                $"libtorch could not be loaded through '{file}'. Install libtorch (Debian, Ubuntu: apt install libtorch-dev), "
                + "or build with the environment variable LIBTORCH set to a libtorch folder or to Python's site-packages/torch; "
                + "if a library of CUDA's is what is missing, name its folder in LD_LIBRARY_PATH. "
                + e.Message, e);
        }
    }

    /// <summary>Throws what the last call on this thread left behind.</summary>
    public static void Check()
    {
        var message = bridge_last_error();
        if (message == null) return;
        var text = Marshal.PtrToStringUTF8((IntPtr)message);
        bridge_clear_error();
        throw new ExternalException(text);
    }

    [DllImport(Library), SuppressGCTransition] private static extern byte* bridge_last_error();
    [DllImport(Library)] private static extern void bridge_clear_error();
    [DllImport(Library)] public static extern byte* bridge_version();

    [DllImport(Library)] public static extern IntPtr operator_find(byte* name, byte* overload);
    [DllImport(Library)] public static extern int operator_call(IntPtr op, Value* values, int count, Value** results);

    [DllImport(Library)] public static extern void tensor_free(IntPtr tensor);
    [DllImport(Library), SuppressGCTransition] public static extern long tensor_dim(IntPtr tensor);
    [DllImport(Library), SuppressGCTransition] public static extern long tensor_numel(IntPtr tensor);
    [DllImport(Library), SuppressGCTransition] public static extern long tensor_element_size(IntPtr tensor);
    [DllImport(Library), SuppressGCTransition] public static extern int tensor_dtype(IntPtr tensor);
    [DllImport(Library), SuppressGCTransition] public static extern int tensor_device_type(IntPtr tensor);
    [DllImport(Library), SuppressGCTransition] public static extern int tensor_device_index(IntPtr tensor);
    [DllImport(Library), SuppressGCTransition] public static extern int tensor_is_contiguous(IntPtr tensor);
    [DllImport(Library), SuppressGCTransition] public static extern int tensor_is_sparse(IntPtr tensor);
    [DllImport(Library), SuppressGCTransition] public static extern int tensor_is_leaf(IntPtr tensor);
    [DllImport(Library), SuppressGCTransition] public static extern int tensor_requires_grad(IntPtr tensor);
    [DllImport(Library), SuppressGCTransition] public static extern long tensor_storage_offset(IntPtr tensor);
    [DllImport(Library)] public static extern long tensor_size(IntPtr tensor, long dim);
    [DllImport(Library)] public static extern long tensor_stride(IntPtr tensor, long dim);
    [DllImport(Library)] public static extern void tensor_sizes(IntPtr tensor, long* sizes);
    [DllImport(Library)] public static extern void tensor_strides(IntPtr tensor, long* strides);
    [DllImport(Library)] public static extern IntPtr tensor_data(IntPtr tensor);
    [DllImport(Library)] public static extern IntPtr tensor_storage_data(IntPtr tensor, long* bytes);
    [DllImport(Library)] public static extern void tensor_set_requires_grad(IntPtr tensor, int value);
    [DllImport(Library)] public static extern void tensor_retain_grad(IntPtr tensor);
    [DllImport(Library)] public static extern IntPtr tensor_grad(IntPtr tensor);
    [DllImport(Library)] public static extern void tensor_set_grad(IntPtr tensor, IntPtr grad);
    [DllImport(Library)] public static extern void tensor_save(IntPtr tensor, byte* path);
    [DllImport(Library)] public static extern IntPtr tensor_load(byte* path);
    [DllImport(Library)] public static extern IntPtr tensor_index(IntPtr tensor, Index* indices, int count);
    [DllImport(Library)] public static extern void tensor_index_put(IntPtr tensor, Index* indices, int count, IntPtr value);
    [DllImport(Library)]
    public static extern IntPtr tensor_from_memory(
        IntPtr data, long* sizes, int dims, int dtype, delegate* unmanaged<IntPtr, void> release, IntPtr context);

    [DllImport(Library)]
    public static extern void autograd_backward(
        IntPtr* roots, long rootCount, IntPtr* grads, int keepGraph, int createGraph, IntPtr* inputs, long inputCount);
    [DllImport(Library)]
    public static extern int autograd_grad(
        IntPtr* outputs, long outputCount, IntPtr* inputs, long inputCount, IntPtr* grads, int keepGraph, int createGraph,
        int allowUnused, IntPtr* results);

    [DllImport(Library), SuppressGCTransition] public static extern int grad_mode();
    [DllImport(Library), SuppressGCTransition] public static extern void set_grad_mode(int enabled);
    [DllImport(Library)] public static extern int inference_mode();
    [DllImport(Library)] public static extern IntPtr inference_guard_new(int enabled);
    [DllImport(Library)] public static extern void inference_guard_free(IntPtr guard);
    [DllImport(Library)] public static extern int anomaly_mode();
    [DllImport(Library)] public static extern int anomaly_checks_nan();
    [DllImport(Library)] public static extern void set_anomaly_mode(int enabled, int checkNan);

    [DllImport(Library)] public static extern IntPtr generator_default();
    [DllImport(Library)] public static extern IntPtr generator_new(ulong seed);
    [DllImport(Library)] public static extern void generator_free(IntPtr generator);
    [DllImport(Library)] public static extern void generator_seed(IntPtr generator, long seed);
    [DllImport(Library)] public static extern long generator_current_seed(IntPtr generator);
    [DllImport(Library)] public static extern IntPtr generator_state(IntPtr generator);
    [DllImport(Library)] public static extern void generator_set_state(IntPtr generator, IntPtr state);

    [DllImport(Library)] public static extern int cuda_device_count();
    [DllImport(Library)] public static extern int cuda_has_cudnn();
    [DllImport(Library)] public static extern void cuda_synchronize(int index);
    [DllImport(Library)] public static extern void cuda_manual_seed(long seed);
    [DllImport(Library)] public static extern void cuda_manual_seed_all(long seed);

    [DllImport(Library)] public static extern int threads();
    [DllImport(Library)] public static extern void set_threads(int count);
    [DllImport(Library)] public static extern int interop_threads();
    [DllImport(Library)] public static extern void set_interop_threads(int count);
    [DllImport(Library)] public static extern int can_cast(int from, int to);
    [DllImport(Library)] public static extern int promote_types(int a, int b);
}
