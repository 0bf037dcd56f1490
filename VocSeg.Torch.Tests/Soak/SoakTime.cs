using System.Globalization;

namespace VocSeg.Torch.Tests.Soak;

/// <summary>
/// How long these tests take. The ordinary run is short; VOCSEG_SOAK_MINUTES asks for the long one, with fresh seeds.
/// </summary>
internal static class SoakTime
{
    private const string Variable = "VOCSEG_SOAK_MINUTES";

    /// <summary>Whether the long run is asked for.</summary>
    internal static bool IsLong => Environment.GetEnvironmentVariable(Variable) is not null;

    /// <summary>What is asked for; none in the ordinary run.</summary>
    internal static TimeSpan Asked => TimeSpan.FromMinutes(double.Parse(
        Environment.GetEnvironmentVariable(Variable) ?? "0", CultureInfo.InvariantCulture));

    /// <summary>Prints what a test has counted, where the long run is asked for.</summary>
    internal static void Tell(string counts)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(counts);
        if (IsLong)
            Console.WriteLine(counts);
    }
}
