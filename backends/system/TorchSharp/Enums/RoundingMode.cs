namespace TorchSharp;

public static partial class torch
{
    public enum RoundingMode { None = 0, trunc = 1, floor = 2 }

    private static string? NameOf(RoundingMode mode) => mode == RoundingMode.None ? null : mode.ToString();
}
