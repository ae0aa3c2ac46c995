using System.Text.Json.Nodes;
using Orchestrator.Reports;
using Orchestrator.Statistics.Tables;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary>What a sweep came to, for whoever tells it.</summary>
/// <param name="Plan">The sweep.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Results">What has been completed.</param>
/// <param name="Completed">How many runs that is.</param>
/// <param name="Table">Its cells.</param>
/// <param name="Verdicts">Its comparisons; null where it asks for none.</param>
/// <param name="End">How its processes ended.</param>
/// <param name="Report">Full path of its report; null where there is none.</param>
/// <param name="Findings">What analyzers found in its runs.</param>
internal sealed record SweepOutcome(
    SweepPlan Plan, SweepFolder Folder, AgendaState State, ISweepResults Results, int Completed, CellTable Table, SweepVerdicts? Verdicts, JobsEnd End, string? Report, IReadOnlyList<AnalyzedFinding> Findings);

/// <summary>Tells what a sweep came to in the place of its table.</summary>
internal interface ISweepEndView
{
    /// <summary>Takes figures for a paper; null where none are wanted.</summary>
    FigureFolder? Figures { get; }

    /// <summary>For people.</summary>
    void Write(SweepOutcome outcome);

    /// <summary>For programs.</summary>
    JsonObject Json(SweepOutcome outcome);
}
