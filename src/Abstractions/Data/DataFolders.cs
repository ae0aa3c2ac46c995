namespace Orchestrator.Abstractions;

/// <summary>
/// Where datasets look for their files, in order: that of <c>--data</c> alone, or those of the
/// environment variable ORCHESTRATOR_DATA, or <c>./data</c>.
/// </summary>
/// <param name="Roots">Existing or not, absolute paths; a dataset looks in <c>root/name</c>, then
/// in <c>root</c> itself.</param>
public sealed record DataFolders(IReadOnlyList<string> Roots);

/// <summary>
/// A data file is missing or not what it should be; the message names the file and says what to do.
/// </summary>
public sealed class DataException : Exception
{
    /// <summary>With a message for the user.</summary>
    /// <param name="message">A sentence that names the file, says what is wrong with it and what to
    /// do.</param>
    public DataException(string message) : base(message) { }

    /// <summary>With a message for the user, and the exception that was met.</summary>
    /// <param name="message">A sentence that names the file, says what is wrong with it and what to
    /// do.</param>
    /// <param name="inner">What was thrown while the file was read.</param>
    public DataException(string message, Exception inner) : base(message, inner) { }
}
