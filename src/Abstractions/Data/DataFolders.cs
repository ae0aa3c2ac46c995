namespace Orchestrator.Abstractions;

/// <summary>Where datasets look for their files, in order: that of <c>--data</c> alone, or those of the environment variable ORCHESTRATOR_DATA, or <c>./data</c>.</summary>
/// <param name="Roots">Existing or not, absolute paths; a dataset looks in <c>root/name</c>, then in <c>root</c> itself.</param>
public sealed record DataFolders(IReadOnlyList<string> Roots);

/// <summary>A data file is missing or not what it should be; the message names the file and says what to do.</summary>
public sealed class DataException : Exception
{
    public DataException(string message) : base(message) { }

    public DataException(string message, Exception inner) : base(message, inner) { }
}
