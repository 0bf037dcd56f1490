using System.Runtime.CompilerServices;

namespace VocSeg.Torch;

/// <summary>
/// The moments at which one thread hands something over to another. A test may let threads wait there, so that they
/// meet in orders which they hardly ever have by themselves.
/// </summary>
internal static class Interleaving
{
    /// <summary>What is done at each of them; null, as always outside of tests, for nothing.</summary>
    internal static Action? Disturbance { get; set; }

    // It costs the reading of a field that hardly ever changes, a few times a sample.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Point() => Disturbance?.Invoke();
}
