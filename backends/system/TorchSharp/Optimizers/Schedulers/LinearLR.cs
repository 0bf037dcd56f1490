namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                public class LinearLR : LRScheduler
                {
                    private readonly double first;
                    private readonly double last;
                    private readonly int total;

                    public LinearLR(Optimizer optimizer, double start_factor = 1.0 / 3, double end_factor = 1.0, int total_iters = 5, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        first = start_factor;
                        last = end_factor;
                        total = total_iters;
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (lastEpoch == 0) return Rates.Select(rate => rate * first);
                        if (lastEpoch > total) return Rates;
                        var factor = 1 + (last - first) / (total * first + (lastEpoch - 1) * (last - first));
                        return Rates.Select(rate => rate * factor);
                    }

                    protected override IEnumerable<double> get_closed_form_lr()
                        => baseRates.Select(rate => rate * (first + (last - first) * Math.Min(total, lastEpoch) / total));
                }
            }
        }
    }
}
