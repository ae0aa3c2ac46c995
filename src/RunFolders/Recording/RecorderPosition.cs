namespace Orchestrator.RunFolders;

/// <summary>
/// How far a record is: what a checkpoint keeps, so that a resumed run cuts the files there and
/// goes on.
/// </summary>
/// <param name="Updates">Of <c>updates.csv</c>.</param>
/// <param name="Evaluations">Of <c>evaluations.csv</c>.</param>
/// <param name="Events">Of <c>events.csv</c>.</param>
/// <param name="Digest">The digest over the rows up to there.</param>
/// <param name="Confusions">Of <c>confusions.csv</c>; null where there is none.</param>
public sealed record RecorderPosition(FilePosition Updates, FilePosition Evaluations, FilePosition Events, RunDigestState Digest, FilePosition? Confusions = null)
{
    /// <summary>The files by name.</summary>
    public IReadOnlyList<(string Name, FilePosition Position)> ListFiles() =>
    [
        (UpdateRows.FileName, Updates), (EvaluationRows.FileName, Evaluations), (EventRows.FileName, Events),
        .. Confusions is null ? [] : new[] { (ConfusionRows.FileName, Confusions) },
    ];

    /// <summary>
    /// Why the files of a folder do not begin with what they held here, in a few words; null where
    /// they do. A power cut takes rows that were not on the disk yet.
    /// </summary>
    /// <param name="folder">The run's folder.</param>
    public string? Misfit(string folder) => ListFiles().Select(file => file.Position.Misfit(Path.Combine(folder, file.Name))).FirstOrDefault(misfit => misfit is not null);
}
