using System.CommandLine;

namespace Options;

/// <summary><c>--device</c>: where the tensors are.</summary>
internal static class DeviceOption
{
    internal static Option<string> Create()
    {
        var option = new Option<string>("--device") { Description = "cpu, cuda, or cuda:N.", HelpName = "DEVICE", DefaultValueFactory = _ => "cpu" };
        option.Validators.Add(result =>
        {
            var name = result.Tokens is [var token] ? token.Value : "cpu";
            var isCuda = name == "cuda" || (name.StartsWith("cuda:", StringComparison.Ordinal) && uint.TryParse(name.AsSpan(5), out _));
            if (name != "cpu" && !isCuda)
                result.AddError($"--device is cpu, cuda or cuda:N; '{name}' was given.");
        });
        return option;
    }
}
