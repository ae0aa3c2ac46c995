using Orchestrator.Abstractions;
using Orchestrator.Statistics;

namespace Orchestrator.Sweeps;

/// <summary>
/// Runs grouped for a comparison: which variants there are, and in which environments.
/// </summary>
/// <param name="Axes">Paths that vary within a variant; they make the environments.</param>
/// <param name="Variants">In the order given, or as found.</param>
/// <param name="Cells">Variants first to last within environments first to last.</param>
internal sealed record ComparedCells(IReadOnlyList<string> Axes, IReadOnlyList<string> Variants, IReadOnlyList<ComparedCell> Cells)
{
    /// <summary>
    /// Several operands are variants; of one, the values along one of the axes in which its cells
    /// differ are.
    /// </summary>
    /// <param name="operands">At least one.</param>
    /// <param name="by">The axis, or several paths with commas; null where there is only
    /// one.</param>
    /// <param name="problem">Why they cannot be compared.</param>
    public static ComparedCells? Of(IReadOnlyList<ComparisonOperand> operands, string? by, out string? problem)
    {
        problem = null;
        if (operands.Count > 1)
        {
            if (by is not null)
            {
                problem = "--by names the axis within one folder; with several, each is a variant of its own.";
                return null;
            }

            var varying = operands.SelectMany(o => Varying(o.Runs)).Distinct().Order(StringComparer.Ordinal).ToList();
            return Group(varying, operands.SelectMany(o => o.Runs.Select(r => (o.Label, Run: r))));
        }

        var runs = operands[0].Runs;
        var paths = Varying(runs);
        if (Choose(runs, paths, by, out problem) is not { } chosen)
        {
            return null;
        }

        var dependent = paths.Where(p => chosen.Contains(p) || Determines(runs, chosen, p)).ToHashSet();
        return Group(
            [.. paths.Where(p => !dependent.Contains(p))],
            runs.Select(r => (string.Join(' ', chosen.Select(p => Text(r, p))), r)));
    }

    private static ComparedCells Group(IReadOnlyList<string> axes, IEnumerable<(string Variant, ComparedRun Run)> runs)
    {
        var labelled = runs.ToList();
        List<string> variants = [.. labelled.Select(r => r.Variant).Distinct()];
        var cells = labelled
            .GroupBy(r => (r.Variant, Environment: string.Join('\n', axes.Select(a => Text(r.Run, a)))))
            .Select(g => new ComparedCell(g.Key.Variant, [.. axes.Select(a => Text(g.First().Run, a))], [.. g.Select(r => r.Run).OrderBy(r => r.Key)]))
            .OrderBy(c => c.Environment, EnvironmentOrder.Instance)
            .ThenBy(c => variants.IndexOf(c.Variant));
        return new(axes, variants, [.. cells]);
    }

    private static List<string>? Choose(IReadOnlyList<ComparedRun> runs, IReadOnlyList<string> paths, string? by, out string? problem)
    {
        problem = null;
        var roots = Roots(runs, paths);
        if (by is null)
        {
            problem = roots.Count switch
            {
                0 => "All runs have the same settings, so there is nothing to compare; name a second folder, pipeline or run.",
                1 => null,
                _ => $"The runs differ along {roots.Count} axes; --by says which one is compared: {string.Join("; ", roots.Select(r => $"{r} ({Values(runs, r)})"))}.",
            };
            return problem is null ? roots : null;
        }

        var chosen = new List<string>();
        foreach (var name in paths.Contains(by) ? [by] : by.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fits = paths.Contains(name) ? [name] : [.. paths.Where(p => p.EndsWith("." + name, StringComparison.Ordinal))];
            if (fits.Length != 1)
            {
                var nearest = fits.Length == 0 && NearestMatch.Find(name, [.. paths]) is { } match ? $"; the nearest is {match}" : "";
                problem = fits.Length == 0
                    ? $"--by: the runs do not differ in '{name}'; they differ in {string.Join(", ", roots)}{nearest}."
                    : $"--by: '{name}' fits {string.Join(" and ", fits)}; give more of the path.";
                return null;
            }

            chosen.Add(fits[0]);
        }

        return chosen;
    }

    /// <summary>
    /// Paths that tell cells apart; what follows from one of them (a rule's own options from its
    /// type) is left out.
    /// </summary>
    private static List<string> Roots(IReadOnlyList<ComparedRun> runs, IReadOnlyList<string> paths)
    {
        var roots = new List<string>();
        foreach (var path in paths.OrderByDescending(p => runs.Select(r => Text(r, p)).Distinct().Count()).ThenBy(p => p.EndsWith(".type", StringComparison.Ordinal) ? 0 : 1).ThenBy(p => p.Length))
        {
            if (!roots.Any(root => Determines(runs, [root], path)))
            {
                roots.Add(path);
            }
        }

        return roots;
    }

    private static bool Determines(IReadOnlyList<ComparedRun> runs, IReadOnlyList<string> by, string path) =>
        runs.GroupBy(r => string.Join('\n', by.Select(p => Text(r, p)))).All(g => g.Select(r => Text(r, path)).Distinct().Count() == 1);

    private static List<string> Varying(IReadOnlyList<ComparedRun> runs) =>
        [.. runs.SelectMany(r => r.Settings.Keys).Distinct().Where(p => runs.Select(r => Text(r, p)).Distinct().Skip(1).Any()).Order(StringComparer.Ordinal)];

    private static string Text(ComparedRun run, string path) => run.Settings.GetValueOrDefault(path, "none");

    private static string Values(IReadOnlyList<ComparedRun> runs, string path) =>
        string.Join(", ", runs.Select(r => Text(r, path)).Distinct().Order(EnvironmentOrder.Texts).Take(6));
}

/// <summary>One variant in one environment.</summary>
/// <param name="Variant">Its name.</param>
/// <param name="Environment">Its value on each axis.</param>
/// <param name="Runs">In order of seeds.</param>
internal sealed record ComparedCell(string Variant, IReadOnlyList<string> Environment, IReadOnlyList<ComparedRun> Runs)
{
    /// <summary>
    /// What the cell's runs came to; those that have no such number are left out.
    /// </summary>
    public IReadOnlyList<SeedResult> Results(RunMetric metric) =>
        [.. Runs.Where(r => r.Has(metric)).Select(r => r.Result(metric))];
}
