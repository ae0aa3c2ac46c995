using Orchestrator.RunFolders;

namespace Orchestrator.Sweeps;

/// <summary>
/// A run as one row: what the index has of it, and the settings of its pipeline by path.
/// </summary>
/// <param name="Values">By the columns of the index; each null, a long, a double or a text.</param>
/// <param name="Settings">By path.</param>
/// <param name="Notes">What a person said of it.</param>
public sealed record RunRow(IReadOnlyList<(string Name, object? Value)> Values, IReadOnlyDictionary<string, string> Settings, RunNotes Notes)
{
    /// <summary>Reads a run's folder.</summary>
    /// <param name="run">As read.</param>
    /// <param name="output">The folder of all runs.</param>
    public static RunRow Of(RunEntry run, string output)
    {
        var notes = RunNotes.Read(run.Folder, out _);
        var indexed = new IndexedRun(Path.GetRelativePath(Path.GetFullPath(output), run.Folder).Replace('\\', '/'), run, RunSettings.Read(run), notes, "");
        return new RunRow(IndexSchema.ValuesOf(indexed), indexed.Settings, notes);
    }
}
