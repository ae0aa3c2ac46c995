namespace Orchestrator.RunFolders;

/// <summary>Where a replay first differs from the record.</summary>
/// <param name="File">Of the run folder.</param>
/// <param name="Line">In the file, from 1; 0 where it has no lines.</param>
/// <param name="Event">Event number of the push or evaluation; null where it is not about
/// one.</param>
/// <param name="Column">Name of the column, key or tensor; empty for a whole row.</param>
/// <param name="Recorded">What the record says; empty where it says nothing.</param>
/// <param name="Replayed">What the replay gives; empty where it gives nothing.</param>
public sealed record Difference(string File, long Line, long? Event, string Column, string Recorded, string Replayed)
{
    public override string ToString()
    {
        var where = Line > 0 ? $"{File}:{Line}" : File;
        var what = Column.Length == 0 ? "" : $" {Column}";
        return $"{where}:{(Event is { } number ? $" event {number}:" : "")}{what} recorded {Shown(Recorded)}, replayed {Shown(Replayed)}";
    }

    private static string Shown(string value) => value.Length == 0 ? "nothing" : value;
}
