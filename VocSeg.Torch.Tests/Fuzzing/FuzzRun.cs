using System.Diagnostics;
using System.Globalization;

namespace VocSeg.Torch.Tests.Fuzzing;

/// <summary>
/// Runs a check over many damaged files. The ordinary run has one fixed seed. VOCSEG_FUZZ_MINUTES asks for as many
/// minutes of ever new seeds, half of them for labels and half for images. A failure names its seed and keeps the file.
/// </summary>
internal sealed class FuzzRun(string name)
{
    private const int OrdinarySeed = 20121112;
    private const int WarmUp = 1500;
    private const long MostGrowth = 64 << 20;
    private const int MostPixels = 1 << 18;
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    private readonly Stopwatch clock = new();
    private byte[] current = [];

    /// <summary>The files of this run that were taken for sound.</summary>
    internal int Accepted { get; private set; }

    /// <summary>The files of this run that were refused.</summary>
    internal int Refused { get; private set; }

    /// <summary>Checks mutants until there are enough of them, or the time is over.</summary>
    /// <param name="mutants">How many the ordinary run checks, and how many of each new seed.</param>
    /// <param name="check">Makes a mutant, tells of its bytes by <see cref="Take"/>, and checks it.</param>
    internal void Run(int mutants, Action<Random> check)
    {
        var text = Environment.GetEnvironmentVariable("VOCSEG_FUZZ_MINUTES");
        var time = TimeSpan.FromMinutes(text is null ? 0 : double.Parse(text, CultureInfo.InvariantCulture) / 2);
        var total = Stopwatch.StartNew();
        var done = 0;
        (long Memory, int Handles) before = default;
        for (var seed = text is null ? OrdinarySeed : Random.Shared.Next(); ; seed = Random.Shared.Next())
        {
            for (var mutant = 0; mutant < mutants; mutant++, done++)
            {
                // A seed of its own for each: one can be made again without those before it.
                Check(seed, mutant, check);
                if (done == WarmUp)
                    before = Use();
            }
            if (total.Elapsed >= time)
                break;
        }
        var after = Use();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{name}: {done} files in {total.Elapsed.TotalSeconds:F1} s, {Accepted} accepted, {Refused} refused, "
            + $"{(after.Memory - before.Memory) >> 10} KiB of memory more at the end");
        Assert.InRange(after.Memory - before.Memory, long.MinValue, MostGrowth);
        Assert.InRange(after.Handles - before.Handles, int.MinValue, 20);
        Assert.True(Accepted > done / 20 && Refused > done / 20, $"{Accepted} accepted, {Refused} refused");
    }

    /// <summary>Checks damaged images or labels, as far as their headers are taken for sound.</summary>
    /// <param name="mutants">As above.</param>
    /// <param name="files">What loads the damaged bytes.</param>
    /// <param name="sound">What is damaged.</param>
    /// <param name="isAccepted">Checks a file by its bytes and its header, and says whether it was decoded.</param>
    internal void Run(
        int mutants, LoadedFiles files, byte[][] sound, Func<Random, EncodedFile, byte[], ImageHeader, bool> isAccepted)
        => Run(mutants, random =>
        {
            var damaged = Mutation.Apply(random, sound[random.Next(sound.Length)], sound[random.Next(sound.Length)]);
            var file = files.Load(Take(damaged));
            ImageHeader header = default;
            var refusal = Refusal(files.Path, () => header = ImageHeader.Read(files.Path, MostPixels));
            Count(refusal is null && isAccepted(random, file, damaged, header));
        });

    /// <summary>Says which bytes the next step works on.</summary>
    internal byte[] Take(byte[] bytes)
    {
        clock.Restart();
        return current = bytes;
    }

    /// <summary>
    /// Runs a step that may refuse the file, by a <see cref="DatasetException"/> that names it and its kind.
    /// </summary>
    internal static string? Refusal(string path, Action step)
    {
        try
        {
            step();
            return null;
        }
        catch (DatasetException error)
        {
            Assert.Equal(path, error.Path);
            Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
            Assert.NotEqual(DatasetFault.Other, error.Fault);
            return error.Message;
        }
    }

    internal void Count(bool isAccepted)
    {
        if (isAccepted)
            Accepted++;
        else
            Refused++;
    }

    private void Check(int seed, int mutant, Action<Random> check)
    {
        try
        {
            check(new(unchecked(seed + 7919 * mutant)));
            Assert.True(clock.Elapsed < Slow, $"it took {clock.Elapsed}");
        }
        catch (Exception error)
        {
            var kept = Path.Combine(Path.GetTempPath(), $"vocseg-fuzz-{name}-{seed}-{mutant}");
            File.WriteAllBytes(kept, current);
            throw new InvalidOperationException(
                $"{name}, seed {seed}, mutant {mutant}, kept as {kept}: {error.Message}", error);
        }
    }

    private static (long Memory, int Handles) Use()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return (process.WorkingSet64, process.HandleCount);
    }
}
