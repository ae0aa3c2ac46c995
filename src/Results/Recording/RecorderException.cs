namespace Orchestrator.Results;

/// <summary>A file of the run folder could not be written: the run's record would have a hole.</summary>
public sealed class RecorderException : IOException
{
    public RecorderException(string file, Exception cause)
        : base($"{file}: cannot be written: {cause.Message}", cause) => File = file;

    public RecorderException(string file, string cause)
        : base($"{file}: {cause}") => File = file;

    /// <summary>Full path of the file.</summary>
    public string File { get; }
}
