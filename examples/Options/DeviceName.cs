using TorchSharp;

namespace Options;

/// <summary>The name of a device; libtorch is loaded only when it is opened.</summary>
internal sealed record DeviceName(string Text)
{
    internal static DeviceName? Parse(string text)
    {
        var hasIndex = text.StartsWith("cuda:", StringComparison.Ordinal) && uint.TryParse(text[5..], out _);
        return text is "cpu" or "cuda" || hasIndex ? new(text) : null;
    }

    /// <exception cref="InvalidOperationException">There is no such device.</exception>
    internal torch.Device Open() => Text == "cpu" || torch.cuda.is_available()
        ? torch.device(Text)
        : throw new InvalidOperationException($"--device {Text}: libtorch finds no CUDA device; use --device cpu.");

    public override string ToString() => Text;
}
