using System.Globalization;
using static TorchSharp.torch;

namespace LibtorchProof;

/// <summary>Something to compute and what must come out: by definition, or as PyTorch has it.</summary>
/// <param name="Name">What is computed.</param>
/// <param name="Compute">Computes it; its tensors end with the dispose scope around it.</param>
/// <param name="Expected">The values that must come out.</param>
/// <param name="Tolerance">How far each value may be off.</param>
internal sealed record KnownResult(string Name, Func<double[]> Compute, double[] Expected, double Tolerance = 0)
{
    /// <summary>For values that are rounded on the way.</summary>
    internal const double Rounding = 1e-4;

    /// <summary>Null where the result is right, else what came out.</summary>
    internal string? Fault()
    {
        try
        {
            using var scope = NewDisposeScope();
            var values = Compute();
            // A NaN is within no tolerance.
            var isRight = values.Length == Expected.Length
                && values.Zip(Expected).All(pair => Math.Abs(pair.First - pair.Second) <= Tolerance);
            return isRight ? null : $"{Text(values)} instead of {Text(Expected)}";
        }
#pragma warning disable CA1031 // Over a libtorch that does not fit, anything may be thrown.
        catch (Exception error)
#pragma warning restore CA1031
        {
            // The first line: the rest is libtorch's own call stack.
            return $"{error.GetType().Name}: {error.Message.Split('\n')[0]}";
        }
    }

    /// <summary>The values of a tensor of any type and device.</summary>
    internal static double[] Values(Tensor tensor) => [.. tensor.to(float64).cpu().contiguous().data<double>()];

    private static string Text(double[] values)
    {
        const int Most = 12;
        var shown = values.Take(Most).Select(value => value.ToString("0.####", CultureInfo.InvariantCulture));
        return $"({string.Join(", ", shown)}{(values.Length > Most ? ", ..." : "")})";
    }
}
