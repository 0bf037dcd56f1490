namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public abstract class LRScheduler
            {
                protected int _step_count;

                internal readonly Optimizer optimizer;
                internal readonly List<double> baseRates;
                internal int lastEpoch;

                private readonly List<double> lastRates;
                private readonly bool verbose;

                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    ArgumentNullException.ThrowIfNull(optimizer);
                    this.optimizer = optimizer;
                    this.verbose = verbose;
                    lastEpoch = last_epoch;
                    baseRates = optimizer.ParamGroups.Select(group => group.InitialLearningRate).ToList();
                    lastRates = Rates.ToList();
                }

                /// <summary>The groups' rates of now.</summary>
                internal IEnumerable<double> Rates => optimizer.ParamGroups.Select(group => group.LearningRate);

                public virtual void step() => step(null);

                public virtual void step(int? epoch)
                {
                    _step_count++;
                    lastEpoch = epoch ?? lastEpoch + 1;
                    var rates = (epoch.HasValue ? get_closed_form_lr() : get_lr()).ToList();
                    var groups = optimizer.ParamGroups.ToList();
                    for (var i = 0; i < baseRates.Count; i++)
                    {
                        groups[i].LearningRate = rates[i];
                        if (verbose && lastRates[i] != rates[i]) Console.WriteLine($"Adjusting learning rate to {rates[i]}");
                        lastRates[i] = rates[i];
                    }
                }

                /// <summary>The value is for schedulers that watch one; this one does not.</summary>
                public virtual void step(double current, int? epoch = null) => step(epoch);

                public IEnumerable<double> get_last_lr() => lastRates;

                protected virtual IEnumerable<double> get_lr() => Rates;

                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();
            }
        }
    }
}
