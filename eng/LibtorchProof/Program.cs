using System.Runtime.InteropServices;
using LibtorchProof;
using TorchSharp;

// Whether the libtorch that is loaded here fits this TorchSharp. C++ libraries of other versions often load and then
// give wrong results without a word, or end the process; so known results are computed, and whoever starts this program
// takes any end but exit status 0 as a no.
try
{
    NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, searchPath: null);
}
catch (DllNotFoundException error)
{
    // Before TorchSharp tries and names a package that is missing, which would not be the cause.
    Console.WriteLine(error.Message.Trim());
    return 1;
}
var version = typeof(torch).Assembly.GetName().Version!.ToString(3);
Console.WriteLine($"TorchSharp {version}, built against libtorch {torch.__version__}");

var (right, wrong) = (0, 0);
Prove("cpu", [.. OnAny(torch.CPU), .. RuntimeResults.OnHost()]);
if (torch.cuda.is_available())
{
    var cuda = torch.device("cuda:0");
    Prove("cuda", [.. OnAny(cuda), .. RuntimeResults.OnCuda(cuda)]);
}
Console.WriteLine($"{right} of {right + wrong} known results are right");
return wrong == 0 ? 0 : 1;

IEnumerable<KnownResult> OnAny(torch.Device device) =>
    [.. TensorResults.On(device), .. TrainingResults.On(device), .. RuntimeResults.On(device)];

void Prove(string device, IEnumerable<KnownResult> results)
{
    foreach (var result in results)
    {
        var fault = result.Fault();
        if (fault is null)
            right++;
        else
            wrong++;
        Console.WriteLine(
            fault is null ? $"right  {device}  {result.Name}" : $"WRONG  {device}  {result.Name}: {fault}");
    }
}
