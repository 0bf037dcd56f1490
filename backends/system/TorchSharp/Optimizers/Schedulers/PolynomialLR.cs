namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                public class PolynomialLR : LRScheduler
                {
                    private readonly double total;
                    private readonly double power;

                    public PolynomialLR(Optimizer optimizer, int total_iters = 5, double power = 1.0, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        total = total_iters;
                        this.power = power;
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (lastEpoch == 0 || lastEpoch > total) return Rates;
                        var factor = Math.Pow((1.0 - lastEpoch / total) / (1.0 - (lastEpoch - 1) / total), power);
                        return Rates.Select(rate => rate * factor);
                    }

                    protected override IEnumerable<double> get_closed_form_lr()
                        => baseRates.Select(rate => rate * Math.Pow(1 - Math.Min(total, lastEpoch) / total, power));
                }
            }
        }
    }
}
