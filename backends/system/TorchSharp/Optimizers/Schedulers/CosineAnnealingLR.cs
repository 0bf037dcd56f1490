namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                public class CosineAnnealingLR : LRScheduler
                {
                    private readonly double half;
                    private readonly double lowest;

                    public CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        half = T_max;
                        lowest = eta_min;
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (lastEpoch == 0) return Rates;
                        if ((lastEpoch - 1 - half) % (2 * half) == 0)
                            return Rates.Zip(baseRates, (rate, start) => rate + (start - lowest) * (1 - Math.Cos(Math.PI / half)) / 2);
                        var factor = (1 + Math.Cos(Math.PI * lastEpoch / half)) / (1 + Math.Cos(Math.PI * (lastEpoch - 1) / half));
                        return Rates.Select(rate => factor * (rate - lowest) + lowest);
                    }

                    protected override IEnumerable<double> get_closed_form_lr()
                        => baseRates.Select(start => lowest + (start - lowest) * (1 + Math.Cos(Math.PI * lastEpoch / half)) / 2);
                }
            }
        }
    }
}
