using System.Text;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static void save(Tensor t, string location) => t.save(location);

    public static Tensor load(string location) => Tensor.load(location);

    public unsafe partial class Tensor
    {
        /// <summary>libtorch's own archive, as torch::save writes it; <c>Save</c> with a capital is TorchSharp's format.</summary>
        public void save(string location)
        {
            fixed (byte* path = Encoding.UTF8.GetBytes(location + '\0')) Bridge.tensor_save(Handle, path);
            GC.KeepAlive(this);
            Bridge.Check();
        }

        public static Tensor load(string location)
        {
            fixed (byte* path = Encoding.UTF8.GetBytes(location + '\0'))
            {
                var tensor = Bridge.tensor_load(path);
                Bridge.Check();
                return new Tensor(tensor);
            }
        }
    }
}
