using Orchestrator.Statistics;

namespace Orchestrator.Sweeps;

/// <summary>
/// The cells of one setting: those that differ in averaged axes only (<c>sweep.average</c>), or one
/// cell where nothing is averaged. It is what a table has a row for and what decisions choose: each
/// seed counts once in it, with the mean over its cells.
/// </summary>
/// <param name="Index">Its place among the sweep's groups, from 0.</param>
/// <param name="Values">One per axis that is not averaged over.</param>
/// <param name="Cells">In the order of the plan, at least one.</param>
/// <param name="Label">The values in one line; empty where there is no such axis.</param>
public sealed record CellGroup(int Index, IReadOnlyList<AxisValue> Values, IReadOnlyList<Cell> Cells, string Label)
{
    /// <summary>What somebody published for the setting; null where nothing is.</summary>
    public PublishedValue? Published => Cells[0].Published;

    /// <summary>
    /// What the setting came to with a seed: the mean over its cells, and no convergence where one
    /// of them did not converge.
    /// </summary>
    /// <param name="levels">The seed.</param>
    /// <param name="of">What a cell came to with it.</param>
    /// <returns>Null while one of the cells has no result.</returns>
    internal SeedResult? Mean(SeedLevels levels, Func<Cell, SeedResult?> of)
    {
        var all = new List<SeedResult>(Cells.Count);
        foreach (var cell in Cells)
        {
            if (of(cell) is not { } result)
            {
                return null;
            }

            all.Add(result);
        }

        return CrossedSeeds.Of(levels.Seed, all) with { Key = new(levels.Seed, levels.StreamText) };
    }

    internal static IReadOnlyList<CellGroup> Of(IReadOnlyList<Axis> axes, IReadOnlyList<string> average, IReadOnlyList<Cell> cells)
    {
        int[] shown = [.. axes.Index().Where(axis => !average.Contains(axis.Item.Name)).Select(axis => axis.Index)];
        return shown.Length == axes.Count
            ? [.. cells.Select(cell => new CellGroup(cell.Index, cell.Values, [cell], cell.Label))]
            : [.. cells.GroupBy(cell => string.Join('\n', shown.Select(axis => cell.Values[axis].Json)))
                .Select((group, index) => Group(index, [.. shown.Select(axis => group.First().Values[axis])], [.. group]))];

        CellGroup Group(int index, AxisValue[] values, Cell[] of) =>
            new(index, values, of, string.Join(' ', shown.Zip(values).Select(pair => $"{axes[pair.First].Name}={pair.Second.Text}")));
    }
}
