namespace VocSeg.Torch.Tests.Soak;

/// <summary>
/// Lets threads wait where they hand something over, for times drawn from a seed, until it is disposed. Two runs with
/// one seed draw the same times in the same order; which thread meets which of them is the machine's choice.
/// </summary>
internal sealed class Disturbance : IDisposable
{
    private readonly uint seed;
    private int points;

    internal Disturbance(int seed)
    {
        this.seed = (uint)seed;
        Interleaving.Disturbance = Wait;
    }

    /// <summary>The hand-overs so far.</summary>
    internal int Points => Volatile.Read(ref points);

    public void Dispose() => Interleaving.Disturbance = null;

    private void Wait()
    {
        var drawn = Mix((uint)Interlocked.Increment(ref points) * 0x9E3779B9 ^ Mix(seed));
        switch (drawn % 32)
        {
            case 0:
                Thread.Sleep((int)(drawn / 32 % 3));
                break;
            case < 8:
                Thread.Yield();
                break;
            case < 16:
                Thread.SpinWait((int)(drawn / 32 % 2000));
                break;
        }
    }

    private static uint Mix(uint value)
    {
        value = (value ^ value >> 16) * 0x85EBCA6B;
        value = (value ^ value >> 13) * 0xC2B2AE35;
        return value ^ value >> 16;
    }
}
