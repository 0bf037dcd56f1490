using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VocSeg.Torch;

/// <summary>
/// Which stored columns the columns of a sample are made of, and the classes of one row by them. Not thread-safe; its
/// memory is used again.
/// </summary>
internal sealed unsafe class ScaledColumns
{
    private const int Group = 16;

    /// <summary>Where a byte shuffle gives 0.</summary>
    private const byte None = 0x80;
    private readonly WarpScratch<int> tables = new();
    private readonly WarpScratch<float> shares = new();
    private readonly WarpScratch<byte> bytes = new();
    private int* classBases;
    private byte* near;
    private byte* far;
    private byte* storedClasses;

    /// <summary>The first column that lies within the stored sample.</summary>
    internal int First { get; private set; }

    /// <summary>How many columns do.</summary>
    internal int Count { get; private set; }

    /// <summary>The least stored column that is blended.</summary>
    internal int Least { get; private set; }

    /// <summary>How many stored columns are, from there on.</summary>
    internal int StoredCount { get; private set; }

    /// <summary>Whether columns come from right to left.</summary>
    internal bool IsBackward { get; private set; }

    /// <summary>Whether one vector of a row holds all that a vector of columns is made of.</summary>
    internal bool IsEnlarged { get; private set; }

    /// <summary>For each column the left one of two stored columns, as seen from the least.</summary>
    internal int* Places { get; private set; }

    /// <summary>For each column the share of the right one.</summary>
    internal float* Shares { get; private set; }

    /// <summary>The classes of the row that was picked last, a byte for each column.</summary>
    internal byte* Classes { get; private set; }

    /// <summary>Finds the columns of a sample.</summary>
    /// <returns>Whether they lie close enough together: two vectors of a row must hold all of one vector.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal bool TryFind(in SampleGeometry geometry)
    {
        var (first, end) = geometry.InsideColumns();
        (First, Count, StoredCount, IsBackward) = (first, end - first, 0, geometry.XX < 0);
        if (Count == 0)
            return true;
        var lastColumn = geometry.Source.Width - 1;
        var pitch = (Count + Group - 1) / Group * Group;
        Places = tables.Of(2 * pitch + pitch / Group);
        Shares = shares.Of(pitch);
        var columnsOfClasses = Places + pitch;
        classBases = columnsOfClasses + pitch;
        var (slope, start) = (geometry.XX, geometry.X0);
        for (var at = 0; at < pitch; at++)
        {
            // Behind the last pixel it is repeated.
            var x = slope * (first + Math.Min(at, Count - 1) + 0.5) + start;
            var px = Math.Clamp(x - 0.5, 0, lastColumn);
            columnsOfClasses[at] = (int)x;
            Places[at] = (int)px;
            Shares[at] = (float)(px - (int)px);
        }
        int one = Places[0], other = Places[Count - 1];
        Least = Math.Min(one, other);
        StoredCount = Math.Min(Math.Max(one, other) + 1, lastColumn) - Least + 1;
        for (var at = 0; at < pitch; at++)
            Places[at] -= Least;
        if (!IsWithin(8, 14) || !IsWithin(16, 30))
            return false;
        IsEnlarged = IsWithin(16, 14);
        FindClasses(columnsOfClasses, pitch);
        return true;
    }

    /// <summary>Picks the classes of a stored row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void PickClasses(in WarpSource source, int row)
    {
        if (source.ClassIndices == 0)
            HostRow.Unpack(source.Pixel(row, Least), storedClasses, StoredCount);
        else
            Unsafe.CopyBlockUnaligned(storedClasses, source.ClassIndex(row, Least), (uint)StoredCount);
        for (var at = 0; at < Count; at += Group)
        {
            byte* from = storedClasses + classBases[at / Group];
            if (Ssse3.IsSupported)
            {
                var low = Ssse3.Shuffle(Vector128.Load(from), Vector128.Load(near + at));
                var high = Ssse3.Shuffle(Vector128.Load(from + Group), Vector128.Load(far + at));
                (low | high).Store(Classes + at);
                continue;
            }
            for (var i = at; i < at + Group; i++)
                Classes[i] = near[i] != None ? from[near[i]] : from[Group + far[i]];
        }
    }

    private void FindClasses(int* columns, int pitch)
    {
        Classes = bytes.Of(3 * pitch + StoredCount + 2 * Group);
        near = Classes + pitch;
        far = near + pitch;
        storedClasses = far + pitch;
        for (var at = 0; at < pitch; at += Group)
        {
            var least = Math.Min(columns[at], columns[at + Group - 1]);
            classBases[at / Group] = least - Least;
            for (var i = at; i < at + Group; i++)
            {
                var place = columns[i] - least;
                (near[i], far[i]) = place < Group ? ((byte)place, None) : (None, (byte)(place - Group));
            }
        }
    }

    /// <summary>Whether no places that follow one another, so many or all that there are, lie farther apart.</summary>
    private bool IsWithin(int columns, int most)
    {
        var last = Math.Min(columns, Count) - 1;
        for (var at = 0; at < Count - last; at++)
        {
            if (Math.Abs(Places[at] - Places[at + last]) > most)
                return false;
        }
        return true;
    }
}
