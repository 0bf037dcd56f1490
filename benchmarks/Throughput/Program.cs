using System.CommandLine;
using Throughput;

var rounds = new Option<int>("--rounds") { Description = "Turns of every contestant.", DefaultValueFactory = _ => 5 };
var quick = new Option<bool>("--quick") { Description = "At most two rounds of those that matter most." };
var only = new Option<string>("--only") { Description = "Names of contestants.", DefaultValueFactory = _ => "" };
only.HelpName = "A,B";
var output = new Option<string?>("--out", "--results") { HelpName = "FILE" };
output.Description = "The report; benchmarks/RESULTS.md (RESULTS.gpu.md) after a run without --quick and --only.";
var device = new Option<string>("--device") { DefaultValueFactory = _ => "cpu" };
device.Description = "cpu, cuda or cuda:N; a GPU has contestants and bars of its own.";
var roster = new Option<string?>("--roster") { HelpName = "cuda", Hidden = true };
roster.AcceptOnlyFromAmong("cuda");

var command = new RootCommand("Measures the loader beside its peers and limits, interleaved, one at a time.")
{
    rounds, quick, only, output, device, roster,
};
command.SetAction(parsed =>
{
    var settings = new Settings(parsed.GetRequiredValue(device), parsed.GetValue(roster) is not null)
    {
        Rounds = parsed.GetValue(rounds),
        Quick = parsed.GetValue(quick),
        Only = parsed.GetRequiredValue(only).Split(',', StringSplitOptions.RemoveEmptyEntries),
        Output = parsed.GetValue(output),
    };
    if (settings.OnGpu && !torch.cuda.is_available())
        return Refuse($"--device {settings.Device}: no CUDA device; this libtorch ({torch.__version__}) finds none.");
    return Bench.Run(settings);
});

try
{
    if (args is [var child, ..] && Job.Children.TryGetValue(child, out var run))
    {
        run(Job.Parse(args[1..]));
        return 0;
    }
    var parsed = command.Parse(args);
    return parsed.Errors.Count > 0
        ? Refuse(parsed.Errors[0].Message)
        : parsed.Invoke(new() { EnableDefaultExceptionHandler = false });
}
catch (Exception error) when (error is DatasetException or ArgumentException or IOException or InvalidOperationException)
{
    return Refuse(error.Message);
}

static int Refuse(string message)
{
    Console.Error.WriteLine(message.ReplaceLineEndings(" "));
    return 2;
}
