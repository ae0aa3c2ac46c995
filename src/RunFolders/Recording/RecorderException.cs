namespace Orchestrator.RunFolders;

/// <summary>
/// A file of the run folder could not be written: the run's record would have a hole.
/// </summary>
public sealed class RecorderException : IOException
{
    internal RecorderException(string file, Exception cause)
        : base($"{file}: cannot be written: {cause.Message}", cause) => File = file;

    internal RecorderException(string file, string cause)
        : base($"{file}: cannot be written: {cause}") => File = file;

    /// <summary>The same failure, thrown again on another thread.</summary>
    internal RecorderException(RecorderException first)
        : base(first.Message, first) => File = first.File;

    /// <summary>Full path of the file.</summary>
    public string File { get; }

    /// <summary>
    /// Whether an exception is the system's refusal to write. A file over the size limit (EFBIG)
    /// comes as an argument out of range.
    /// </summary>
    internal static bool IsRefusal(Exception e) => e is (IOException or UnauthorizedAccessException or ArgumentOutOfRangeException) and not RecorderException;
}
