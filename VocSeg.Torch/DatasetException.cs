namespace VocSeg.Torch;

/// <summary>What is wrong with a data set.</summary>
public enum DatasetFault
{
    /// <summary>None of the kinds below; the message says what.</summary>
    Other,

    /// <summary>A file or folder is missing, or a link leads nowhere.</summary>
    NotFound,

    /// <summary>A file or folder may not be read.</summary>
    AccessDenied,

    /// <summary>A list file is wrong: empty, unreadable, an id twice, or a line that leads elsewhere.</summary>
    List,

    /// <summary>A file is damaged, cut short, or no image at all.</summary>
    Damaged,

    /// <summary>An image has more pixels than the bound that was set, or a file more than memory holds.</summary>
    TooLarge,

    /// <summary>An image and its label differ in size, or no sample is large enough for the crop.</summary>
    Size,

    /// <summary>A label holds a colour or an index that the palette does not know.</summary>
    UnknownValue,

    /// <summary>A label's format cannot hold a label, or does not say what its values mean.</summary>
    LabelFormat,

    /// <summary>The file of <see cref="SampleCache.Disk"/> cannot be written, or is damaged; samples are not.</summary>
    Cache,
}

/// <summary>
/// Something is wrong with the data set on disk, or with its download. The message names the file and what to do about
/// it.
/// </summary>
public sealed class DatasetException : Exception
{
    /// <summary>An error about one file or folder.</summary>
    /// <param name="path">The file or folder, or the address of a download, that the message is about.</param>
    /// <param name="message">What is wrong and what to do about it.</param>
    /// <param name="innerException">What led to it, if anything.</param>
    public DatasetException(string path, string message, Exception? innerException = null)
        : base($"{path}: {message}", innerException)
    {
        Path = path;
    }

    /// <summary>An error of a known kind, about a known sample.</summary>
    internal DatasetException(
        DatasetFault fault, string path, string message, Exception? innerException = null, string? sampleId = null)
        : this(path, message, innerException) => (Fault, SampleId) = (fault, sampleId);

    /// <summary>
    /// The same error, thrown on another thread or with more said about it. The first one is its inner exception.
    /// </summary>
    internal DatasetException(DatasetException first, string? message = null)
        : base(message ?? first.Message, first)
    {
        Path = first.Path;
        Fault = first.Fault;
        SampleId = first.SampleId;
    }

    /// <summary>The kind of fault.</summary>
    public DatasetFault Fault { get; init; }

    /// <summary>The file or folder that is at fault; the last address where a download fails.</summary>
    public string Path { get; }

    /// <summary>The id of the sample that the file belongs to, where it belongs to one.</summary>
    public string? SampleId { get; init; }

    /// <summary>Whether an exception is one of those that opening and reading a file throw.</summary>
    internal static bool IsOfFile(Exception error) =>
        error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException
            or OutOfMemoryException;

    /// <summary>The kind of fault that an error in opening, reading or writing a file is.</summary>
    internal static DatasetFault KindOf(Exception error) => error switch
    {
        UnauthorizedAccessException => DatasetFault.AccessDenied,
        FileNotFoundException or DirectoryNotFoundException or PathTooLongException or ArgumentException =>
            DatasetFault.NotFound,
        NotSupportedException => DatasetFault.Damaged,
        OutOfMemoryException => DatasetFault.TooLarge,
        _ => DatasetFault.Other,
    };

    /// <summary>The same error with a further sentence.</summary>
    internal DatasetException With(string sentence) => new(this, Message + sentence);

    /// <summary>Many errors as one, about the first of them. It names up to ten.</summary>
    /// <param name="faults">The errors, at least one.</param>
    /// <param name="of">What they were found in, such as "3 of the 10 samples of train.txt".</param>
    internal static DatasetException All(IReadOnlyList<DatasetException> faults, string of)
    {
        const int MostNamed = 10;
        if (faults.Count == 1)
            return new(faults[0]);
        var named = string.Join(Environment.NewLine, faults.Take(MostNamed).Select(fault => "  " + fault.Message));
        var more = faults.Count > MostNamed ? $"{Environment.NewLine}  and {faults.Count - MostNamed} more." : "";
        return new(faults[0], $"{of} cannot be used:{Environment.NewLine}{named}{more}");
    }
}
