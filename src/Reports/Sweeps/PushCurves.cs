using Orchestrator.Abstractions;
using Orchestrator.RunFolders;
using Orchestrator.Sweeps;

namespace Orchestrator.Reports;

/// <summary>
/// Gap and staleness of completed runs, which do not change: means over stretches of equally many
/// pushes that arrived. Each run's pushes are read once.
/// </summary>
/// <param name="output">The folder of all runs.</param>
internal sealed class PushCurves(string output)
{
    // Some seconds' worth: more would take longer than all the rest of the page.
    private const long MostBytes = 400 << 20;

    private const int Stretches = 120;

    private readonly Dictionary<string, Pair?> kept = new(StringComparer.Ordinal);

    /// <summary>Null where the run's folder is gone, or nothing in it says what an epoch is.</summary>
    public Pair? Of(CompletedRun run)
    {
        if (!kept.TryGetValue(run.Folder, out var known) && BytesOf(run) > 0)
        {
            kept.Add(run.Folder, known = Read(Path.Combine(output, run.Folder)));
        }

        return known;
    }

    /// <summary>
    /// Whether the records of all runs whose folders are there are few enough to be read.
    /// </summary>
    public bool CanRead(IEnumerable<CompletedRun> runs) => runs.DistinctBy(run => run.Folder).Sum(BytesOf) <= MostBytes;

    private long BytesOf(CompletedRun run) => run.Folder.Length > 0 ? RunRows.LengthOfUpdates(Path.Combine(output, run.Folder)) : 0;

    private static Pair? Read(string folder)
    {
        using var evaluations = RunRows.Evaluations(folder);
        if (evaluations.ReadAll().LastOrDefault() is not { Version: > 0 } last)
        {
            return null;
        }

        using var rows = RunRows.Updates(folder);
        List<(long Version, long At, double Gap, double Staleness)> arrived =
            [.. rows.ReadAll().Where(push => push.Decision != PushDecision.Cancelled).Select(push => (push.Version, push.ArrivedAt, push.GapRms, (double)push.Staleness))];
        var (gaps, stalenesses) = (new List<CurvePoint>(), new List<CurvePoint>());
        var stretches = Math.Min(Stretches, arrived.Count);
        for (var i = 0; i < stretches; i++)
        {
            var stretch = arrived[(int)((long)i * arrived.Count / stretches)..(int)((i + 1L) * arrived.Count / stretches)];
            var updates = stretch.Average(push => (double)push.Version);
            var point = new CurvePoint(updates * last.Epoch / last.Version, updates, stretch.Average(push => (double)push.At) / 1e9, Mean(stretch.Select(push => push.Gap)));
            gaps.Add(point);
            stalenesses.Add(point with { Value = Mean(stretch.Select(push => push.Staleness)) });
        }

        return new(gaps, stalenesses);
    }

    private static double Mean(IEnumerable<double> values) => values.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();

    /// <summary>Both curves of a run.</summary>
    public sealed record Pair(IReadOnlyList<CurvePoint> Gap, IReadOnlyList<CurvePoint> Staleness);
}
