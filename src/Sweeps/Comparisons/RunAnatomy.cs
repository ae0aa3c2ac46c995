using System.Globalization;
using Orchestrator.Statistics;
using Orchestrator.Statistics.Tables;

namespace Orchestrator.Sweeps;

/// <summary>
/// Where the variance between the runs of a cell comes from: the seed and the named streams that
/// vary are the factors.
/// </summary>
public static class RunAnatomy
{
    private const string SeedFactor = "seed";

    /// <summary>One anatomy for each cell, with what tells the cell from the others.</summary>
    /// <param name="operand">The runs.</param>
    /// <param name="metric">Whose variance it is.</param>
    /// <param name="problem">Why there is none.</param>
    /// <returns>Null where there is a problem.</returns>
    public static IReadOnlyList<(string Cell, AnatomyTable Table)>? Of(ComparisonOperand operand, RunMetric metric, out string? problem)
    {
        problem = null;
        var varying = operand.Runs.SelectMany(r => r.Settings.Keys).Distinct().Order(StringComparer.Ordinal)
            .Where(path => operand.Runs.Select(r => r.Settings.GetValueOrDefault(path)).Distinct().Skip(1).Any())
            .ToList();
        var tables = new List<(string, AnatomyTable)>();
        ComparedRun[] known = [.. operand.Runs.Where(r => r.Has(metric))];
        if (!known.Any(r => r.Values.ContainsKey(metric.Key)))
        {
            problem = $"{operand.Label}: no run has the metric {metric.Key}.";
            return null;
        }

        foreach (var cell in known.GroupBy(ComparisonOperand.Cell))
        {
            var name = string.Join(", ", varying.Select(path => $"{path} = {cell.First().Settings.GetValueOrDefault(path, "none")}"));
            try
            {
                tables.Add((name, Table([.. cell], metric)));
            }
            catch (ArgumentException refused)
            {
                problem = $"{operand.Label}{(name.Length == 0 ? "" : $" ({name})")}: {refused.Message.Split(" (Parameter")[0]} A sweep's 'factors' name the streams: \"factors\": {{ \"init\": 8, \"batches\": 8 }}.";
                return null;
            }
        }

        return tables;
    }

    private static AnatomyTable Table(ComparedRun[] runs, RunMetric metric)
    {
        var levels = runs.Select(run => LevelsOf(run.Key)).ToArray();
        List<string> factors = [.. levels.SelectMany(l => l.Keys).Distinct().Where(name => levels.Select(l => l.GetValueOrDefault(name)).Distinct().Skip(1).Any()).Order(StringComparer.Ordinal)];
        if (factors.Count == 0)
        {
            throw new ArgumentException("Neither the seed nor a stream varies between the runs, so there is nothing to take apart.");
        }

        var anatomy = VarianceAnatomy.Of(
            factors, [.. runs.Select((run, i) => new FactorRun([.. factors.Select(name => levels[i].GetValueOrDefault(name))], run.Result(metric).Value))]);
        return new(anatomy, metric.Table, Design(factors, levels));
    }

    private static Dictionary<string, long> LevelsOf(SeedKey key)
    {
        var levels = new Dictionary<string, long> { [SeedFactor] = key.Seed };
        foreach (var stream in key.Streams.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = stream.IndexOf('=');
            levels[stream[..equals]] = long.Parse(stream[(equals + 1)..], CultureInfo.InvariantCulture);
        }

        return levels;
    }

    private static string Design(List<string> factors, Dictionary<string, long>[] runs)
    {
        int[] counts = [.. factors.Select(name => runs.Select(r => r.GetValueOrDefault(name)).Distinct().Count())];
        var all = counts.Aggregate(1.0, (product, count) => product * count);
        var text = $"{string.Join(", ", factors.Zip(counts).Select(f => $"{f.First} ({f.Second} levels)"))}: ";
        return runs.Length >= all
            ? text + "every combination."
            : text + string.Create(
                CultureInfo.InvariantCulture,
                $"{runs.Length} of {all:#,0} combinations. In an orthogonal array of strength 3 single factors are free of pairs, complementary pairs share part of their contrasts, and interactions of three are in the rest.");
    }
}
