using Orchestrator.Abstractions;
using Orchestrator.Runs;

namespace Orchestrator.Sweeps;

/// <summary>Finds a cell of a sweep by what a user types.</summary>
public static class CellSearch
{
    private const int MostShown = 5;
    private const int ShortestKey = 4;

    /// <summary>
    /// Finds a cell by values, <c>AXIS=VALUE</c>, one or several; by the beginning of its key or of
    /// the key of one of its runs; four digits at least; or by its number in the sweep, from 1.
    /// </summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="words">What the user typed.</param>
    /// <exception cref="RunRefusedException">None fits, or several do.</exception>
    public static Cell Find(SweepPlan plan, IReadOnlyList<string> words)
    {
        var query = string.Join(' ', words);
        var fitting = plan.Cells.Where(cell => cell.ToString() == query).ToList();
        if (fitting.Count == 0)
        {
            fitting = words.Any(word => word.Contains('=', StringComparison.Ordinal)) ? ByValues(plan, query) : ByKey(plan, query);
        }

        return fitting switch
        {
            [var only] => only,
            [] => throw new RunRefusedException(
                $"cell: '{query}' is none of the {plan.Cells.Count} cells of {plan.Name}; AXIS=VALUE pairs, a key's beginning or a number from 1 to {plan.Cells.Count} are allowed{NearestMatch.Suffix(query, [.. plan.Cells.Select(cell => cell.ToString())])}"),
            _ => throw new RunRefusedException(
                $"cell: '{query}' fits {fitting.Count} cells: {string.Join("; ", fitting.Take(MostShown))}{(fitting.Count > MostShown ? "; ..." : "")}. Give more values, or the number of one."),
        };
    }

    // Values may hold blanks, so a pair goes on until the next word that has the name of an axis
    // before an equals sign.
    private static List<Cell> ByValues(SweepPlan plan, string query)
    {
        var names = plan.Axes.Select(axis => axis.Name).ToList();
        List<(int Start, int Axis)> starts = [.. names.Index().Select(name => (Start: Place(query, name.Item), Axis: name.Index)).Where(found => found.Start >= 0).OrderBy(found => found.Start)];
        if (starts.Count == 0 || starts[0].Start != 0)
        {
            var name = query[..query.IndexOf('=', StringComparison.Ordinal)];
            throw new RunRefusedException($"cell: {Averages.NoAxis(name, names)}");
        }

        var wanted = starts.Select((found, i) => (found.Axis, Value: query[(found.Start + names[found.Axis].Length + 1)..(i + 1 < starts.Count ? starts[i + 1].Start : query.Length)].Trim())).ToList();
        return [.. plan.Cells.Where(cell => wanted.All(pair => cell.Values[pair.Axis].IsMeantBy(pair.Value)))];
    }

    private static int Place(string query, string axis) => query.StartsWith(axis + "=", StringComparison.Ordinal)
        ? 0
        : query.IndexOf($" {axis}=", StringComparison.Ordinal) is >= 0 and var at ? at + 1 : -1;

    private static List<Cell> ByKey(SweepPlan plan, string query)
    {
        if (int.TryParse(query, out var number) && number >= 1 && number <= plan.Cells.Count)
        {
            return [plan.Cells[number - 1]];
        }

        return query.Length < ShortestKey
            ? []
            : [.. plan.Cells.Where(cell => cell.Key.StartsWith(query, StringComparison.Ordinal)
                || plan.Rounds.SelectMany(round => round.Levels).Any(levels => SweepPlan.Run(cell, levels).Key.StartsWith(query, StringComparison.Ordinal)))];
    }
}
