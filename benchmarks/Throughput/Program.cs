using System.CommandLine;
using Throughput;
using Throughput.Loaders;
using TorchSharp;
using VocSeg.Torch;

const int WrongUse = 2;

var rounds = new Option<int>("--rounds") { Description = "Rounds; every contestant runs once in each.", DefaultValueFactory = _ => 5 };
var seconds = new Option<double>("--seconds") { Description = "The least time of a contestant's turn, in whole epochs.", DefaultValueFactory = _ => 2 };
var quick = new Option<bool>("--quick") { Description = "Two rounds of the contestants that matter most, 4:2:0 only." };
var only = new Option<string?>("--only") { Description = "Names of contestants, with commas between them.", HelpName = "A,B" };
var output = new Option<string?>("--out", "--results") { Description = "The results file; by default benchmarks/RESULTS.md (on a GPU RESULTS.gpu.md) after a full run, none after --quick or --only.", HelpName = "FILE" };
var device = new Option<string>("--device") { Description = "cpu, cuda or cuda:N. A GPU has contestants and bars of its own.", DefaultValueFactory = _ => "cpu" };
var roster = new Option<string?>("--roster") { Description = "gpu runs the GPU's contestants whatever the device: --roster gpu --device cpu tries them out where there is none.", HelpName = "gpu" };

var command = new RootCommand("Measures the loader beside its peers and limits, interleaved, one at a time.")
{
    rounds, seconds, quick, only, output, device, roster,
};
roster.AcceptOnlyFromAmong("gpu");
command.SetAction(parsed =>
{
    var settings = new BenchSettings(
        parsed.GetValue(quick) ? Math.Min(2, parsed.GetValue(rounds)) : parsed.GetValue(rounds),
        parsed.GetValue(seconds),
        parsed.GetValue(quick),
        parsed.GetValue(only)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        parsed.GetValue(output),
        parsed.GetRequiredValue(device));
    if (settings.OnGpu && !torch.cuda.is_available())
        return Refuse($"--device {settings.Device}: no CUDA device; this libtorch ({torch.__version__}) finds none.");
    return settings.OnGpu || parsed.GetValue(roster) is not null ? GpuBench.Run(settings) : Bench.Run(settings);
});
command.Subcommands.Add(Child("ours", "VocSegDataLoader as a contestant.", OurLoader.Serve));
command.Subcommands.Add(Child("raw", "TorchSharp's own DataLoader over the same data set.", RawLoader.Serve));
command.Subcommands.Add(Child("steadiness", "What a training loop notices besides throughput.", Steadiness.Measure));
command.Subcommands.Add(Child("device-ops", "The device's share of a batch, beside the bandwidths that bound it.", DeviceOps.Measure));
command.Subcommands.Add(Child("kernels", "Each device operation of a batch from the device's cache, and other ways to the same.", KernelTimes.Measure));
command.Subcommands.Add(Child("training", "How long a training's steps wait for data.", TrainingWaits.Measure));

try
{
    var parsed = command.Parse(args);
    return parsed.Errors.Count > 0 ? Refuse(parsed.Errors[0].Message) : parsed.Invoke(new() { EnableDefaultExceptionHandler = false });
}
catch (Exception error) when (error is DatasetException or ArgumentException or IOException or InvalidOperationException)
{
    return Refuse(error.Message);
}

static Command Child(string name, string description, Action<Job> run)
{
    var root = new Option<string>("--root") { Required = true };
    var batch = new Option<int>("--batch") { DefaultValueFactory = _ => 64 };
    var crop = new Option<string>("--crop") { DefaultValueFactory = _ => "320x480" };
    var turn = new Option<double>("--seconds") { DefaultValueFactory = _ => 2 };
    var workers = new Option<int>("--workers") { DefaultValueFactory = _ => Environment.ProcessorCount };
    var cache = new Option<SampleCache>("--cache");
    var device = new Option<string>("--device") { DefaultValueFactory = _ => "cpu" };
    var repeats = new Option<int>("--repeats") { DefaultValueFactory = _ => 1 };
    var child = new Command(name, description) { root, batch, crop, turn, workers, cache, device, repeats };
    child.Hidden = true;
    child.SetAction(parsed =>
    {
        if (!ImageSize.TryParse(parsed.GetValue(crop), out var size))
            throw new ArgumentException("--crop is a height and a width such as 320x480.");
        run(new(
            parsed.GetValue(root)!, parsed.GetValue(batch), size, parsed.GetValue(turn), parsed.GetValue(workers), parsed.GetValue(cache),
            torch.device(parsed.GetValue(device)!), parsed.GetValue(repeats)));
    });
    return child;
}

static int Refuse(string message)
{
    Console.Error.WriteLine(message.ReplaceLineEndings(" "));
    return WrongUse;
}
