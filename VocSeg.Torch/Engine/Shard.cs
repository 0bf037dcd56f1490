using System.Globalization;
using TorchSharp;

namespace VocSeg.Torch;

/// <summary>
/// Which process of several this one is, and so which part of every batch is its own: see
/// <see cref="VocSegDataLoaderOptions.Shard"/>.
/// </summary>
public sealed record Shard
{
    // The variables that launchers set: rank, number of ranks, rank on this machine.
    private static readonly (string Launcher, string Rank, string Size, string Local)[] Launchers =
    [
        ("torchrun", "RANK", "WORLD_SIZE", "LOCAL_RANK"),
        ("Slurm", "SLURM_PROCID", "SLURM_NTASKS", "SLURM_LOCALID"),
        ("Open MPI", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK"),
    ];

    /// <summary>A process of several.</summary>
    /// <param name="rank">Its number, from 0 to below <paramref name="worldSize"/>.</param>
    /// <param name="worldSize">How many processes there are, at least 1.</param>
    /// <param name="localRank">
    /// Its number among those on the same machine; null for <paramref name="rank"/>, which is right on one machine.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public Shard(int rank, int worldSize, int? localRank = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(worldSize, 1);
        if (rank < 0 || rank >= worldSize)
            throw new ArgumentOutOfRangeException(nameof(rank), $"Rank {rank} is outside 0 to {worldSize - 1}.");
        ArgumentOutOfRangeException.ThrowIfNegative(localRank ?? 0, nameof(localRank));
        (Rank, WorldSize, LocalRank) = (rank, worldSize, localRank ?? rank);
    }

    /// <summary>A process alone: rank 0 of 1.</summary>
    public static Shard Single { get; } = new(0, 1);

    /// <summary>The number of this process, from 0.</summary>
    public int Rank { get; }

    /// <summary>How many processes there are.</summary>
    public int WorldSize { get; }

    /// <summary>The number of this process among those on the same machine, from 0.</summary>
    public int LocalRank { get; }

    /// <summary>
    /// The device of this process: the CUDA device of its <see cref="LocalRank"/>, the only one where the launcher
    /// shows it just one, and the CPU where CUDA is not available.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are several CUDA devices, and too few.</exception>
    public torch.Device Device => torch.cuda.is_available() ? DeviceOf(torch.cuda.device_count()) : torch.CPU;

    /// <summary>
    /// What the launcher says: torchrun (<c>RANK</c>, <c>WORLD_SIZE</c>, <c>LOCAL_RANK</c>), Slurm
    /// (<c>SLURM_PROCID</c>, <c>SLURM_NTASKS</c>, <c>SLURM_LOCALID</c>) or Open MPI (<c>OMPI_COMM_WORLD_RANK</c>,
    /// <c>_SIZE</c>, <c>_LOCAL_RANK</c>).
    /// </summary>
    /// <returns>The shard; rank 0 of 1 where none of them is set.</returns>
    /// <exception cref="InvalidOperationException">
    /// Variables are not numbers, lack their like, or contradict each other. The message names them.
    /// </exception>
    public static Shard FromEnvironment() => FromEnvironment(Environment.GetEnvironmentVariable);

    internal static Shard FromEnvironment(Func<string, string?> read)
    {
        (int Rank, int Size, int? Local, string Told)? found = null;
        foreach (var (launcher, rankName, sizeName, localName) in Launchers)
        {
            var (rank, size, local) = (Number(read, rankName), Number(read, sizeName), Number(read, localName));
            if (rank is null && size is null)
                continue;
            var told = string.Join(", ", new[] { (rankName, rank), (sizeName, size), (localName, local) }
                .Where(pair => pair.Item2 is not null).Select(pair => $"{pair.Item1}={pair.Item2}"));
            if (rank is null || size is null)
            {
                throw new InvalidOperationException(
                    $"{told} is set without {(rank is null ? rankName : sizeName)}; set both as {launcher} does, or "
                    + "none.");
            }
            if (size < 1 || rank >= size)
                throw new InvalidOperationException($"{told}: ranks count from 0 to below the number of ranks.");
            // Who says no local rank contradicts nobody.
            if (found is { } other && ((other.Rank, other.Size) != (rank.Value, size.Value)
                || (other.Local ?? local) != (local ?? other.Local)))
            {
                throw new InvalidOperationException(
                    $"{other.Told} and {told} contradict each other; unset those that are not of the launcher in use, "
                    + "or give new Shard(rank, worldSize, localRank) by hand.");
            }
            found = (rank.Value, size.Value, found?.Local ?? local, found?.Told ?? told);
        }
        return found is { } all ? new(all.Rank, all.Size, all.Local) : Single;
    }

    /// <summary>The part of a batch, which all ranks share, that is this rank's. Parts differ by at most one.</summary>
    internal (int First, int Count) PartOf(int samples)
    {
        var first = (int)((long)samples * Rank / WorldSize);
        return (first, (int)((long)samples * (Rank + 1) / WorldSize) - first);
    }

    internal torch.Device DeviceOf(int devices) => devices == 1 || LocalRank < devices
        ? new(DeviceType.CUDA, devices == 1 ? 0 : LocalRank)
        : throw new InvalidOperationException(
            $"Local rank {LocalRank} has no CUDA device: there are {devices}. Start at most as many processes on a "
            + "machine as it has devices, or choose the device by hand.");

    private static int? Number(Func<string, string?> read, string name)
    {
        var text = read(name);
        return string.IsNullOrEmpty(text) ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new InvalidOperationException($"{name}={text} is no whole number of 0 or above.");
    }
}
