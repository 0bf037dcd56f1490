using System.Diagnostics;
using System.Globalization;
using TorchSharp;

namespace VocSeg.Torch.Tests.Soak;

/// <summary>After thousands of loops that end in every way, memory, tensors and threads are where they were.</summary>
[Collection(LiveTensors.Name)]
public sealed class LongRunTests
{
    private const string LongRun = "VOCSEG_LONG_RUN_BATCHES";
    private const int ShortBatches = 400;
    private const int LongBatches = 10_000;
    private const int Samples = 40;

    /// <summary>What other tests leave behind would go meanwhile, so that it has a process of its own.</summary>
    [Fact]
    public void Ten_thousand_batches_leave_memory_tensors_and_threads_as_they_were()
    {
        Assert.SkipUnless(ResidentMemory.CanSettle, "needs Linux and its C library");
        using var process = ChildProcess.StartExample(
            typeof(LongRunTests).Assembly.GetName().Name!,
            [
                "-noLogo", "-noColor", "-method",
                $"{typeof(LongRunTests).FullName}.{nameof(Loops_that_end_in_every_way_leave_nothing_behind)}",
            ],
            (LongRun, LongBatches.ToString(CultureInfo.InvariantCulture)),
            // Code that is compiled anew all the time, and threads of libtorch, are not what is looked for.
            ("DOTNET_TieredPGO", "0"),
            ("OMP_NUM_THREADS", "1"));
        var most = 600_000 + (int)(SoakTime.Asked.TotalMilliseconds * 1.5);
        var (exitCode, output, error) = ChildProcess.Finish(process, most);
        Assert.True(exitCode == 0, output + error);
        Assert.Contains("Total: 1, Errors: 0, Failed: 0", output, StringComparison.Ordinal);
        SoakTime.Tell(Assert.Single(
            ChildProcess.Lines(output), line => line.Contains(" batches, ", StringComparison.Ordinal)).Trim());
    }

    [Fact]
    public void Loops_that_end_in_every_way_leave_nothing_behind()
    {
        var isLong = int.TryParse(Environment.GetEnvironmentVariable(LongRun), out var wanted);
        wanted = isLong ? wanted : ShortBatches;
        var live = torch.Tensor.TotalCount;
        using (var loops = new LoopsOfEveryKind())
        {
            var before = torch.Tensor.TotalCount;
            var (memory, threads) = (new List<long>(), new List<int>());
            var clock = Stopwatch.StartNew();
            var seed = SoakTime.IsLong ? Random.Shared.Next(1 << 28) : 20121112;
            // The long run's time is what was asked for, less what the other tests of this folder take.
            bool IsOver() => loops.Batches >= wanted && (!isLong || clock.Elapsed >= SoakTime.Asked / 2);
            for (; !IsOver(); seed++)
            {
                loops.Round(seed);
                Assert.True(torch.Tensor.TotalCount == before, $"seed {seed}: {torch.Tensor.TotalCount - before} more");
                if (!isLong || memory.Count >= Progress(loops.Batches, clock.Elapsed))
                    continue;
                Assert.Equal(0, LiveThreads.Workers);
                memory.Add(ResidentMemory.Settle());
                threads.Add(LiveThreads.All);
            }
            Assert.Equal(0, LiveThreads.Workers);
            if (isLong)
            {
                Assert.InRange(loops.Rarest, 20, int.MaxValue);
                Console.WriteLine($"long run: {loops.Counts}; {Steadiness(memory, threads)}");
            }
        }
        Assert.Equal(live, torch.Tensor.TotalCount);

        double Progress(long batches, TimeSpan time) => Samples * Math.Min(
            (double)batches / wanted, SoakTime.IsLong ? time / (SoakTime.Asked / 2) : 1);
    }

    /// <summary>Holds memory and threads of the second half together.</summary>
    private static string Steadiness(List<long> memory, List<int> threads)
    {
        var half = memory[(memory.Count / 2)..];
        var median = half.Order().ElementAt(half.Count / 2);
        var furthest = half.Max(bytes => Math.Abs((double)bytes / median - 1));
        var all = string.Join(' ', memory.Select(bytes => bytes >> 20));
        Assert.InRange(half.Count, Samples / 3, int.MaxValue);
        Assert.True(furthest <= 0.02, $"{100 * furthest:F1} % from the median of {median >> 20} MiB: {all}");
        // The runtime's own pool may have a thread more or less for each processor.
        Assert.InRange(threads[^1], 1, threads[threads.Count / 2] + Environment.ProcessorCount);
        return $"{half.Count} times in the second half the resident memory was within {100 * furthest:F1} % of "
            + $"{median >> 20} MiB";
    }
}
