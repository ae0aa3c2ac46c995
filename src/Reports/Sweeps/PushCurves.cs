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
    /// <summary>
    /// Of a sweep with more updates nothing is read: it would take longer than all the rest of its
    /// page.
    /// </summary>
    public const long MostUpdates = 6_000_000;

    private const int Stretches = 120;

    private readonly Dictionary<string, Pair?> kept = new(StringComparer.Ordinal);

    /// <summary>Null where the run's folder is gone, or nothing in it says what an epoch is.</summary>
    public Pair? Of(CompletedRun run)
    {
        if (!kept.TryGetValue(run.Key, out var known))
        {
            kept.Add(run.Key, known = IsThere(run) ? Read(Path.Combine(output, run.Folder)) : null);
        }

        return known;
    }

    /// <summary>Updates of the runs whose folders are there.</summary>
    public long Updates(IEnumerable<CompletedRun> runs) => runs.DistinctBy(run => run.Key).Where(IsThere).Sum(run => run.Updates);

    private bool IsThere(CompletedRun run) => run.Folder.Length > 0 && Directory.Exists(Path.Combine(output, run.Folder));

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
