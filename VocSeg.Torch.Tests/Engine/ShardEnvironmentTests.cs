using TorchSharp;

namespace VocSeg.Torch.Tests.Engine;

/// <summary>Ranks as launchers tell them.</summary>
public sealed class ShardEnvironmentTests
{
    [Theory]
    [InlineData("", 0, 1, 0)]
    [InlineData("RANK=3 WORLD_SIZE=8 LOCAL_RANK=1", 3, 8, 1)]
    [InlineData("RANK=3 WORLD_SIZE=8", 3, 8, 3)]
    [InlineData("SLURM_PROCID=5 SLURM_NTASKS=16 SLURM_LOCALID=1", 5, 16, 1)]
    [InlineData("OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_LOCAL_RANK=0", 1, 2, 0)]
    [InlineData("RANK= WORLD_SIZE= SLURM_PROCID=0 SLURM_NTASKS=1 SLURM_LOCALID=0", 0, 1, 0)]
    [InlineData("RANK=1 WORLD_SIZE=2 LOCAL_RANK=1 SLURM_PROCID=1 SLURM_NTASKS=2 SLURM_LOCALID=1", 1, 2, 1)]
    [InlineData("RANK=9 WORLD_SIZE=16 SLURM_PROCID=9 SLURM_NTASKS=16 SLURM_LOCALID=1", 9, 16, 1)]
    [InlineData("RANK=9 WORLD_SIZE=16 LOCAL_RANK=1 SLURM_PROCID=9 SLURM_NTASKS=16", 9, 16, 1)]
    [InlineData("LOCAL_RANK=1", 0, 1, 0)]
    public void The_variables_of_each_launcher_are_known(string variables, int rank, int worldSize, int localRank) =>
        Assert.Equal(new Shard(rank, worldSize, localRank), Read(variables));

    [Theory]
    [InlineData("RANK=1", "RANK=1 is set without WORLD_SIZE")]
    [InlineData("SLURM_NTASKS=4", "SLURM_NTASKS=4 is set without SLURM_PROCID")]
    [InlineData("RANK=one WORLD_SIZE=2", "RANK=one is no whole number")]
    [InlineData("RANK=-1 WORLD_SIZE=2", "RANK=-1 is no whole number")]
    [InlineData("RANK=2 WORLD_SIZE=2", "RANK=2, WORLD_SIZE=2: ranks count from 0")]
    [InlineData("RANK=0 WORLD_SIZE=0", "RANK=0, WORLD_SIZE=0: ranks count from 0")]
    [InlineData(
        "RANK=0 WORLD_SIZE=4 SLURM_PROCID=0 SLURM_NTASKS=2",
        "RANK=0, WORLD_SIZE=4 and SLURM_PROCID=0, SLURM_NTASKS=2 contradict each other")]
    [InlineData(
        "SLURM_PROCID=0 SLURM_NTASKS=2 OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2",
        "SLURM_PROCID=0, SLURM_NTASKS=2 and OMPI_COMM_WORLD_RANK=1, OMPI_COMM_WORLD_SIZE=2 contradict each other")]
    public void What_is_wrong_with_them_is_said_by_name(string variables, string message) => Assert.Contains(
        message, Assert.Throws<InvalidOperationException>(() => Read(variables)).Message, StringComparison.Ordinal);

    [Fact]
    public void They_are_read_from_the_process()
    {
        var rank = Environment.GetEnvironmentVariable("RANK");
        var size = Environment.GetEnvironmentVariable("WORLD_SIZE");
        Environment.SetEnvironmentVariable("RANK", "2");
        Environment.SetEnvironmentVariable("WORLD_SIZE", "3");
        try
        {
            Assert.Equal(new Shard(2, 3), Shard.FromEnvironment());
        }
        finally
        {
            Environment.SetEnvironmentVariable("RANK", rank);
            Environment.SetEnvironmentVariable("WORLD_SIZE", size);
        }
    }

    [Fact]
    public void The_local_rank_picks_the_device()
    {
        Assert.Equal(3, new Shard(7, 8, 3).DeviceOf(4).index);
        // A launcher may show each process one device, which then has the number 0.
        Assert.Equal(0, new Shard(7, 8, 3).DeviceOf(1).index);
        var error = Assert.Throws<InvalidOperationException>(() => new Shard(7, 8, 3).DeviceOf(2));
        Assert.Contains("Local rank 3", error.Message, StringComparison.Ordinal);
        Assert.SkipWhen(torch.cuda.is_available(), "there is a CUDA device");
        Assert.Equal(DeviceType.CPU, new Shard(7, 8, 3).Device.type);
    }

    [Fact]
    public void Numbers_out_of_their_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Shard(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Shard(2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Shard(-1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Shard(0, 2, -1));
        Assert.Throws<ArgumentNullException>(() => new VocSegDataLoaderOptions { Shard = null! });
        Assert.Throws<ArgumentNullException>(() => new VocSegDataLoaderOptions { OnError = null! });
    }

    private static Shard Read(string variables)
    {
        var set = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(variable => variable.Split('='))
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        return Shard.FromEnvironment(set.GetValueOrDefault);
    }
}
