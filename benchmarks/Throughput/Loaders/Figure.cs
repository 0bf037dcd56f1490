using System.Globalization;

namespace Throughput.Loaders;

/// <summary>A line that <see cref="Report.Measurement"/> reads.</summary>
internal static class Figure
{
    internal static void Say(string name, double value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}={value:R}"));
}
