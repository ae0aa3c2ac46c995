using Orchestrator.RunFolders;

namespace Orchestrator.Runs;

/// <summary>How a run ended.</summary>
/// <param name="Summary">As in <c>run.json</c>. Failed, diverged and interrupted runs have one
/// too.</param>
/// <param name="Remarks">What is worth a line below it: timer error, overruns, idle cores, lost
/// telemetry.</param>
public sealed record RunReport(RunSummary Summary, IReadOnlyList<string> Remarks);
