namespace VocSeg.Torch;

/// <summary>
/// Something is wrong with the data set on disk, or with its download. The message names the file and what to do about it.
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

    /// <summary>The same error, thrown on another thread or with more said about it; the first one stays as the inner exception.</summary>
    internal DatasetException(DatasetException first)
        : base(first.Message, first)
    {
        Path = first.Path;
        SampleId = first.SampleId;
    }

    /// <summary>The file or folder that is at fault; the last address where a download fails.</summary>
    public string Path { get; }

    /// <summary>The id of the sample that the file belongs to, where it belongs to one.</summary>
    public string? SampleId { get; init; }
}
