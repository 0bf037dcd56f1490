using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public class Generator : IDisposable
    {
        internal Generator(IntPtr handle)
        {
            Handle = handle;
            device = CPU;
        }

        // The packages make a CPU generator whatever the device.
        public Generator(ulong seed = 0, Device? device = null) : this(Bridge.generator_new(seed))
            => this.device = device ?? CPU;

        ~Generator() => Dispose(false);

        public IntPtr Handle { get; private set; }
        public Device device { get; private set; }

        public static Generator Default => new(Bridge.generator_default());

        public Tensor get_state()
        {
            var state = Bridge.generator_state(Handle);
            GC.KeepAlive(this);
            Bridge.Check();
            return new Tensor(state);
        }

        public void set_state(Tensor value)
        {
            Bridge.generator_set_state(Handle, value.Handle);
            GC.KeepAlive(this);
            GC.KeepAlive(value);
            Bridge.Check();
        }

        public Generator manual_seed(long seed)
        {
            Bridge.generator_seed(Handle, seed);
            GC.KeepAlive(this);
            return this;
        }

        public long seed()
        {
            var seed = DateTime.UtcNow.Ticks;
            manual_seed(seed);
            return seed;
        }

        public long initial_seed() => Bridge.generator_current_seed(Handle);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var held = Handle;
            Handle = IntPtr.Zero;
            if (held != IntPtr.Zero) Bridge.generator_free(held);
        }
    }
}
