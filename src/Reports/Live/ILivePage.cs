namespace Orchestrator.Reports;

/// <summary>
/// A page that goes on changing: of a run, of a sweep, or of all that a folder holds. It reads the
/// folder and nothing else, so that whoever writes there neither knows nor waits. Used by one
/// thread at a time.
/// </summary>
public interface ILivePage : IDisposable
{
    /// <summary>
    /// Whether nothing more will change: the page shows what the report in the folder shows.
    /// </summary>
    bool HasEnded { get; }

    /// <summary>
    /// Whether the last look was cut short, so that there is more to read at once.
    /// </summary>
    bool IsBehind { get; }

    /// <summary>What the page may do, for its content security policy.</summary>
    string Policy { get; }

    /// <summary>Reads what is new, for a limited time.</summary>
    void Refresh();

    /// <summary>
    /// What the page shows: a JSON object of <c>parts</c> (markup by the id of its element),
    /// <c>data</c> (what charts draw) and <c>live</c> (where the reading stands).
    /// </summary>
    string State();

    /// <summary>The page itself, with all that it shows now.</summary>
    byte[] Page();
}
