using System.IO.MemoryMappedFiles;
using static VocSeg.Torch.DiskCacheFormat;

namespace VocSeg.Torch;

/// <summary>A file of decoded samples, read through memory that all processes of the machine share.</summary>
internal sealed unsafe class DiskCacheFile : IDisposable
{
    private readonly MemoryMappedFile mapped;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* bytes;
    private readonly Dictionary<int, DatasetException> errors;

    private DiskCacheFile(MemoryMappedFile mapped, MemoryMappedViewAccessor view, DiskCacheLayout layout)
    {
        this.mapped = mapped;
        this.view = view;
        bytes = (byte*)view.SafeMemoryMappedViewHandle.DangerousGetHandle();
        Entries = new ReadOnlySpan<Entry>(bytes + sizeof(Head), layout.Count).ToArray();
        SawForeground = ((Head*)bytes)->SawForeground != 0;
        var back = checked((int)(((Head*)bytes)->FileBytes - layout.ErrorsAt));
        errors = ReadErrors(new(bytes + layout.ErrorsAt, back));
    }

    internal Entry[] Entries { get; }

    /// <summary>Whether any label of the samples shows a class other than 0.</summary>
    internal bool SawForeground { get; }

    internal byte* PixelsOf(int index) => bytes + Entries[index].Offset;

    internal DatasetException ErrorOf(int index) => errors[index];

    /// <summary>Opens the file of a key.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">What it must be of.</param>
    /// <param name="samples">The samples of the key.</param>
    /// <param name="stamps">Lengths and times of the samples' files.</param>
    /// <param name="reason">Why it cannot be taken, where null is returned.</param>
    /// <returns>The file; null where there is none, or it is not whole, or not of the samples as they are.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission to read it.</exception>
    internal static DiskCacheFile? Open(
        string path,
        DiskCacheKey key,
        IReadOnlyList<SegmentationSample> samples,
        (FileStamp Image, FileStamp Label)[] stamps,
        out string reason)
    {
        var layout = new DiskCacheLayout(samples);
        MemoryMappedFile? memory = null;
        MemoryMappedViewAccessor? whole = null;
        try
        {
            using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
            reason = Fault(ReadHead(file), key, layout, file.Length);
            if (reason.Length > 0)
                return null;
            memory = MemoryMappedFile.CreateFromFile(
                file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            whole = memory.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            var start = (byte*)whole.SafeMemoryMappedViewHandle.DangerousGetHandle();
            reason = Fault(start, layout, samples, stamps);
            if (reason.Length > 0)
                return null;
            var opened = new DiskCacheFile(memory, whole, layout);
            (memory, whole) = (null, null);
            return opened;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            reason = Others(path, key);
            return null;
        }
        finally
        {
            whole?.Dispose();
            memory?.Dispose();
        }
    }

    public void Dispose()
    {
        view.Dispose();
        mapped.Dispose();
    }

    private static string Fault(in Head head, DiskCacheKey key, DiskCacheLayout layout, long length)
    {
        if (head.Magic != Mark)
            return "the file there is no cache, or damaged";
        if (head.Version != FormatVersion)
            return $"the file there has format {head.Version}, and this version of the library has {FormatVersion}";
        if ((head.Samples, head.Labels, head.Decoder) != (key.Samples, key.Labels, key.Decoder)
            || head.Count != layout.Count)
            return "the file there is damaged";
        return head.FileBytes == length && length >= layout.ErrorsAt ? "" : "the file there is cut short";
    }

    private static string Fault(
        byte* start,
        DiskCacheLayout layout,
        IReadOnlyList<SegmentationSample> samples,
        (FileStamp Image, FileStamp Label)[] stamps)
    {
        var head = *(Head*)start;
        var entries = new ReadOnlySpan<Entry>(start + sizeof(Head), layout.Count);
        var back = new ReadOnlySpan<byte>(start + layout.ErrorsAt, checked((int)(head.FileBytes - layout.ErrorsAt)));
        if (head.Checksum != Checksum(head, entries, back))
            return "the file there is damaged";
        var (changed, first) = (0, -1);
        for (var index = 0; index < stamps.Length; index++)
        {
            if ((entries[index].Image, entries[index].Label) == stamps[index])
                continue;
            changed++;
            first = first < 0 ? index : first;
        }
        return changed == 0
            ? ""
            : $"{changed} of {stamps.Length} samples changed since it was written, '{samples[first].Id}' first";
    }

    /// <summary>What files of the same list are there, and how they differ.</summary>
    private static string Others(string path, DiskCacheKey key)
    {
        const string None = "there is none yet";
        try
        {
            var other = new DirectoryInfo(Path.GetDirectoryName(path)!)
                .EnumerateFiles($"{key.List}-*{Ending}")
                .MaxBy(file => file.LastWriteTimeUtc);
            if (other is null)
                return None;
            using var file = other.OpenRead();
            var head = ReadHead(file);
            if (head.Magic != Mark)
                return None;
            string[] differences =
            [
                .. head.Samples == key.Samples ? [] : (string[])["set of samples"],
                .. head.Labels == key.Labels ? [] : (string[])["meaning of labels"],
                .. head.Decoder == key.Decoder ? [] : (string[])["decoder"],
            ];
            return $"{other.Name} is of another {string.Join(" and another ", differences)}";
        }
        catch (Exception error) when (CacheDisk.IsFault(error))
        {
            return None;
        }
    }
}
