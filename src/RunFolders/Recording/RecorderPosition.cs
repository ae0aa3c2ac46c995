namespace Orchestrator.RunFolders;

/// <summary>
/// How far a record is: what a checkpoint keeps, so that a resumed run cuts the files there and
/// goes on.
/// </summary>
/// <param name="UpdatesLength">Bytes of <c>updates.csv</c>.</param>
/// <param name="EvaluationsLength">Bytes of <c>evaluations.csv</c>.</param>
/// <param name="EventsLength">Bytes of <c>events.csv</c>.</param>
/// <param name="Digest">The digest over the rows up to there.</param>
public sealed record RecorderPosition(long UpdatesLength, long EvaluationsLength, long EventsLength, RunDigestState Digest);
