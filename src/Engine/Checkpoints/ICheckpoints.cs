namespace Orchestrator.Engine;

/// <summary>Says when a checkpoint is due, and keeps it.</summary>
public interface ICheckpoints
{
    /// <summary>Asked after each arrival; cheap.</summary>
    /// <param name="version">Updates so far.</param>
    bool IsDue(long version);

    /// <summary>Writes a checkpoint; the record is complete up to here.</summary>
    /// <param name="version">Updates so far.</param>
    /// <param name="state">Writes the engine's state.</param>
    void Write(long version, Action<Stream> state);
}
