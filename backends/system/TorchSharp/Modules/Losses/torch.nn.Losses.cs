namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static Modules.CrossEntropyLoss CrossEntropyLoss(Tensor? weight = null, long? ignore_index = null, Reduction reduction = Reduction.Mean)
            => new(weight, ignore_index, reduction);

        public static Modules.NLLLoss NLLLoss(Tensor? weight = null, Reduction reduction = Reduction.Mean) => new(weight, reduction);

        public static Modules.MSELoss MSELoss(Reduction reduction = Reduction.Mean) => new(reduction);
    }
}
