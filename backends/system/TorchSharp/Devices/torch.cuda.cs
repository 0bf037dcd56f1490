using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class cuda
    {
        public static bool is_available() => Bridge.cuda_device_count() > 0;
        public static bool is_cudnn_available() => Bridge.cuda_has_cudnn() != 0;
        public static int device_count() => Bridge.cuda_device_count();
        public static void manual_seed(long seed) => Bridge.cuda_manual_seed(seed);
        public static void manual_seed_all(long seed) => Bridge.cuda_manual_seed_all(seed);

        // Without CUDA the packages leave the error to the thread's next call; so does this.
        public static void synchronize(Device? device = null) => Bridge.cuda_synchronize(device?.index ?? -1);
    }
}
