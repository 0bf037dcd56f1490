using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public abstract partial class Optimizer : IDisposable
        {
            protected IList<ParamGroup> _parameter_groups = [];

            // The handle is the packages' own for optimizers in native code, of which there are none here.
            protected Optimizer(IntPtr handle)
            {
            }

            ~Optimizer() => Dispose(false);

            public virtual IEnumerable<ILearningRateController> ParamGroups => _parameter_groups;

            public virtual void zero_grad() => throw new NotImplementedException();

            public virtual void add_param_group(ParamGroup param_group) => throw new NotImplementedException("add_param_group");

            public virtual Tensor? step(Func<Tensor>? closure = null) => throw new NotImplementedException();

            public virtual IEnumerable<Parameter> parameters() => throw new NotImplementedException();

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
            }

            /// <summary>The live options and states of an optimizer, not copies.</summary>
            public class StateDictionary
            {
                internal StateDictionary()
                {
                }

                public List<OptimizerOptions> Options { get; private set; } = [];
                public List<OptimizerState> State { get; private set; } = [];
                public List<List<int>> StateIndexRef { get; private set; } = [];
            }
        }
    }
}
