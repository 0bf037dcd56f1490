using System.CommandLine;
using Throughput;

var rounds = new Option<int>("--rounds") { Description = "Turns of every contestant.", DefaultValueFactory = _ => 5 };
var quick = new Option<bool>("--quick") { Description = "At most two rounds of those that matter most." };
var only = new Option<string?>("--only") { Description = "Names of contestants.", HelpName = "A,B" };
var output = new Option<string?>("--out", "--results") { Description = "The report's file." };
var device = new Option<string>("--device") { Description = "cpu, cuda or cuda:N.", DefaultValueFactory = _ => "cpu" };
var tryOut = new Option<bool>("--try-out") { Description = "A GPU's contestants, on the CPU: whether they work." };
var command = new RootCommand("Measures the loader beside its peers and limits, interleaved, one at a time.")
{
    rounds, quick, only, output, device, tryOut,
};
command.SetAction(parsed => Bench.Run(new(
    parsed.GetRequiredValue(device), parsed.GetValue(tryOut), parsed.GetValue(quick),
    Math.Min(parsed.GetValue(rounds), parsed.GetValue(quick) ? 2 : int.MaxValue))
{
    Only = parsed.GetValue(only)?.Split(','),
    Output = parsed.GetValue(output),
}));
try
{
    if (args is [var child, ..] && Job.Children.TryGetValue(child, out var run))
    {
        run(Job.Parse(args[1..]));
        return 0;
    }
    var parsed = command.Parse(args);
    if (parsed.Errors.Count > 0)
        throw new ArgumentException(parsed.Errors[0].Message);
    return parsed.Invoke(new() { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is DatasetException or ArgumentException or IOException or InvalidOperationException)
{
    Console.Error.WriteLine(e.Message.ReplaceLineEndings(" "));
    return 2;
}
