using System.Runtime.InteropServices;
using VocSeg.Torch;

namespace DataParallel;

/// <summary>
/// Sums over all processes by Open MPI, called directly. A process alone needs no MPI. Its header files' constants are
/// the addresses of symbols here.
/// </summary>
internal sealed unsafe class Mpi
{
    private const string Name = "libmpi.so.40";
    private readonly Shard shard;
    private readonly nint library, world, sum, floats, doubles;
    private readonly delegate* unmanaged<void*, void*, int, nint, nint, nint, int> allReduce;

    internal Mpi(Shard shard)
    {
        this.shard = shard;
        if (shard.WorldSize == 1)
            return;
        library = NativeLibrary.Load(Name);
        (world, sum) = (Symbol("ompi_mpi_comm_world"), Symbol("ompi_mpi_op_sum"));
        (floats, doubles) = (Symbol("ompi_mpi_float"), Symbol("ompi_mpi_double"));
        allReduce = (delegate* unmanaged<void*, void*, int, nint, nint, nint, int>)Symbol("MPI_Allreduce");
        Require(((delegate* unmanaged<int*, byte***, int>)Symbol("MPI_Init"))(null, null), "MPI_Init");
        int rank;
        Require(((delegate* unmanaged<nint, int*, int>)Symbol("MPI_Comm_rank"))(world, &rank), "MPI_Comm_rank");
        if (rank != shard.Rank)
            throw new InvalidOperationException($"MPI says rank {rank}, the environment rank {shard.Rank}.");
    }

    /// <summary>The sum of every process's number.</summary>
    internal double Sum(double number)
    {
        if (shard.WorldSize > 1)
            AllReduce(&number, 1, doubles);
        return number;
    }

    /// <summary>Puts the sums of every process's numbers into their place.</summary>
    internal void Sum(Span<float> numbers)
    {
        fixed (float* first = numbers)
        {
            if (shard.WorldSize > 1)
                AllReduce(first, numbers.Length, floats);
        }
    }

    /// <summary>
    /// Ends MPI, which waits for all processes. One that fails must not wait: mpirun sees it exit and ends the others.
    /// </summary>
    internal void Finish()
    {
        if (shard.WorldSize > 1)
            Require(((delegate* unmanaged<int>)Symbol("MPI_Finalize"))(), "MPI_Finalize");
    }

    private void AllReduce(void* numbers, int count, nint type)
    {
        var inPlace = (void*)1;
        Require(allReduce(inPlace, numbers, count, type, sum, world), "MPI_Allreduce");
    }

    private nint Symbol(string name) => NativeLibrary.GetExport(library, name);

    private static void Require(int status, string call)
    {
        if (status != 0)
            throw new InvalidOperationException($"{call} failed with status {status}.");
    }
}
