using Orchestrator.Abstractions;
using Orchestrator.Statistics;
using Orchestrator.Statistics.Tables;

namespace Orchestrator.Sweeps;

/// <summary>What is asked of a comparison.</summary>
public sealed record ComparisonRequest
{
    /// <summary>What is compared.</summary>
    public required IReadOnlyList<ComparisonOperand> Operands { get; init; }

    public required RunMetric Metric { get; init; }

    /// <summary>
    /// Differences within this do not matter, in the metric's unit; 0 where every difference does.
    /// </summary>
    public required double Delta { get; init; }

    /// <summary>
    /// The axis that is compared along, within one operand; null where there is only one.
    /// </summary>
    public string? By { get; init; }

    /// <summary>The variant that all others are compared with; null compares all pairs.</summary>
    public string? Baseline { get; init; }
}

/// <summary>What a comparison came to.</summary>
/// <param name="Cells">The table of the cells.</param>
/// <param name="Comparisons">The table of the verdicts of tests at a given number of seeds;
/// descriptive only where there is a sequential one.</param>
/// <param name="Sequential">The table of the verdicts where seeds were added until they were
/// decided; null otherwise.</param>
/// <param name="Ranks">Ranks over environments; null where there are fewer than two in which every
/// variant ran.</param>
/// <param name="Pairing">What pairing is worth; empty where seeds were not crossed with levels of
/// streams.</param>
/// <param name="Paragraph">For a paper.</param>
/// <param name="Notes">What was left out, and what differs that perhaps should not.</param>
public sealed record RunComparisonReport(CellTable Cells, ComparisonTable Comparisons, SequentialTable? Sequential, RankTable? Ranks, IReadOnlyList<PairingTable> Pairing, string Paragraph, IReadOnlyList<string> Notes);

/// <summary>Compares runs: groups them by cell, pairs them by seed, and gives verdicts.</summary>
public static class RunComparer
{
    /// <summary>Compares.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="problem">Why there is no comparison.</param>
    /// <returns>Null where there is a problem.</returns>
    public static RunComparisonReport? Compare(ComparisonRequest request, out string? problem)
    {
        if (request.Operands.GroupBy(o => o.Label).FirstOrDefault(g => g.Count() > 1) is { } same)
        {
            problem = $"Two operands are called {same.Key}; name them: first={same.Key} second=...";
            return null;
        }

        if (ComparedCells.Of(request.Operands, request.By, out problem) is not { } cells || Plan(cells, request.Baseline, out problem) is not { } plan)
        {
            return null;
        }

        var terms = new ComparisonTerms { Delta = request.Delta, HigherIsBetter = request.Metric.Table.HigherIsBetter };
        IReadOnlyList<SeedResult>[] all = [.. cells.Cells.Select(c => c.Results(request.Metric))];
        IReadOnlyList<SeedResult>[] results = [.. all.Select(CrossedSeeds.Once)];
        var comparisons = new ComparisonTable(ComparisonFamily.Of([.. plan.Select(c => c.With(results))], terms), request.Metric.Table);
        var sequential = Sequential(plan, results, request);
        IReadOnlyList<string> streams = [.. all.SelectMany(runs => CrossedSeeds.StreamsOf([.. runs.Select(r => r.Key)])).Distinct()];
        IReadOnlyList<string> averaged = [.. request.Operands.SelectMany(o => o.Sweep?.Average ?? []).Concat(streams).Distinct()];
        var facts = Facts(cells, results) with { AveragedOver = averaged };
        facts = streams.Count == 0 ? facts : facts with { WithoutConvergence = results.Sum(cell => cell.Count(seed => !seed.Converged)), Means = results.Sum(cell => cell.Count) };
        return new(
            new CellTable
            {
                Axes = [.. cells.Axes, "variant"],
                AveragedOver = averaged,
                Metric = request.Metric.Table,
                Rows = [.. cells.Cells.Select((c, i) => new TableRow([.. c.Environment, c.Variant], CellSummary.Of(results[i]), c.Runs.Count - all[i].Count))],
            },
            comparisons,
            sequential,
            Ranks(cells, results, terms),
            [.. Pairing(plan, all, request)],
            sequential is null ? PaperText.Of(comparisons, facts) : PaperText.Of(sequential, facts),
            [.. Notes(cells, all, results)]);
    }

    private static IReadOnlyList<PlannedComparison>? Plan(ComparedCells cells, string? baseline, out string? problem)
    {
        problem = null;
        if (baseline is not null && !cells.Variants.Contains(baseline))
        {
            var nearest = NearestMatch.Find(baseline, [.. cells.Variants]) is { } match ? $"; the nearest is {match}" : "";
            problem = $"--baseline: there is no variant '{baseline}'; there are {string.Join(", ", cells.Variants)}{nearest}.";
            return null;
        }

        var plan = PlannedComparison.Plan(
            [.. cells.Axes, "variant"], [.. cells.Cells.Select(c => (IReadOnlyList<string>)[.. c.Environment, c.Variant])], "variant", baseline);
        if (plan.Count == 0)
        {
            problem = $"No two variants share their other settings: {string.Join(", ", cells.Axes)} differ{(cells.Axes.Count == 1 ? "s" : "")} too, so nothing can be compared.";
            return null;
        }

        return plan;
    }

    private static SequentialTable? Sequential(IReadOnlyList<PlannedComparison> plan, IReadOnlyList<SeedResult>[] results, ComparisonRequest request)
    {
        var growing = request.Operands.Select(o => o.Sweep?.Until).OfType<UntilDecided>().ToList();
        if (growing.Count == 0)
        {
            return null;
        }

        var terms = new SequentialTerms
        {
            Delta = request.Delta,
            HigherIsBetter = request.Metric.Table.HigherIsBetter,
            Family = plan.Count,
            SmallestN = growing.Max(g => g.Fewest),
            LargestN = growing.Max(g => g.Most),
        };
        return new(plan, [.. plan.Select(c => SequentialComparison.Of(results[c.A], results[c.B], terms))], terms, request.Metric.Table);
    }

    private static RankTable? Ranks(ComparedCells cells, IReadOnlyList<SeedResult>[] results, ComparisonTerms terms)
    {
        // A mean over the runs that converged says nothing of those that did not: they count first, as
        // where settings are chosen.
        var scores = cells.Cells.Select((c, i) => (c.Variant, Environment: string.Join('\n', c.Environment), Score: Score(CellSummary.Of(results[i]))))
            .GroupBy(c => c.Environment)
            .Where(g => g.Count() == cells.Variants.Count)
            .Select(g => cells.Variants.Select(v => (double)g.Count(c => c.Score.CompareTo(g.First(own => own.Variant == v).Score) < 0)).ToArray())
            .ToList();
        return scores.Count < 2 || cells.Variants.Count < 2 ? null : new(cells.Variants, RankSummary.Of(scores, higherIsBetter: false));

        (double NoConvergence, double Value) Score(CellSummary summary) =>
            summary.Mean is { } mean ? (summary.NoConvergence.Share, terms.HigherIsBetter ? -mean : mean) : (double.PositiveInfinity, 0);
    }

    private static IEnumerable<PairingTable> Pairing(IReadOnlyList<PlannedComparison> plan, IReadOnlyList<SeedResult>[] results, ComparisonRequest request) => plan
        .Select(c => new PairingTable(
            c.Environment.Length == 0 ? c.NameA : $"{c.NameA} ({c.Environment})", c.NameB,
            PairingLevels.Of(results[c.A], results[c.B], request.Delta, plan.Count), request.Delta, plan.Count, request.Metric.Table))
        .Where(table => table.Levels.Count > 0);

    private static PaperFacts Facts(ComparedCells cells, IReadOnlyList<SeedResult>[] results)
    {
        ComparedRun[] runs = [.. cells.Cells.SelectMany(c => c.Runs).DistinctBy(r => r.Place)];
        var programs = runs.Select(r => r.Program).Where(p => p.Length > 0).Distinct().ToList();
        return new(
            (results.Min(r => r.Count), results.Max(r => r.Count)),
            runs.Sum(r => r.Runs),
            runs.Count(r => r.NoConvergence),
            Varies(runs.All(r => r.HasSchedule), runs.All(r => r.IsVirtual)),
            runs.Sum(r => r.CoreSeconds) / 3600,
            $"Orchestrator {string.Join(" and ", programs)}".TrimEnd())
        {
            Means = runs.Length,
        };
    }

    /// <summary>What runs of one variant differ in.</summary>
    /// <param name="hasSchedule">Whether all follow a recorded schedule.</param>
    /// <param name="isVirtual">Whether all ran on the virtual clock.</param>
    internal static string Varies(bool hasSchedule, bool isVirtual)
    {
        var drawn = hasSchedule ? "initialisation, partition and batch order" : "initialisation, partition, batch order and timing";
        return isVirtual
            ? $"{drawn}, all drawn from the seed (a common seed is a common schedule, where the number of workers and the delays are the same)"
            : "initialisation, partition and batch order, drawn from the seed, and in the machine's own timing";
    }

    private static IEnumerable<string> Notes(ComparedCells cells, IReadOnlyList<SeedResult>[] all, IReadOnlyList<SeedResult>[] results)
    {
        if (all.Sum(r => r.Count) is var runCount && results.Sum(r => r.Count) is var counted && counted < runCount)
        {
            yield return $"seeds were crossed with levels of streams: n counts seeds, each with the mean over its levels ({runCount} runs, {counted} seeds of cells; one that lacks levels is left out), and what is said holds for these levels";
        }

        ComparedRun[] runs = [.. cells.Cells.SelectMany(c => c.Runs)];
        foreach (var (what, values) in new[]
        {
            ("versions of the program", runs.Select(r => r.Program)),
            ("kernel paths", runs.Select(r => r.KernelPath)),
            ("data sets", runs.Select(r => r.Data[..Math.Min(12, r.Data.Length)])),
        })
        {
            if (values.Distinct().Order(StringComparer.Ordinal).ToList() is { Count: > 1 } several)
            {
                yield return $"runs of {several.Count} {what} are compared: {string.Join(", ", several)}";
            }
        }
    }
}
