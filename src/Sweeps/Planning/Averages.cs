using Orchestrator.Abstractions;
using Orchestrator.Composition;

namespace Orchestrator.Sweeps;

/// <summary>
/// The axes that a sweep averages over. Every setting has all combinations of their values: a mean
/// over some of them would be no fair rival of a mean over others. So nothing is drawn from them,
/// nothing is left out of them, and nothing else is said of one of their values.
/// </summary>
internal sealed class Averages
{
    private readonly IReadOnlyList<Axis> axes;
    private readonly IReadOnlyList<string> names;

    /// <param name="axes">All axes of the sweep.</param>
    /// <param name="sweep">The section.</param>
    /// <param name="mistakes">Where mistakes go.</param>
    public Averages(IReadOnlyList<Axis> axes, SweepSettings sweep, SweepMistakes mistakes)
    {
        (this.axes, names) = (axes, sweep.Average);
        foreach (var (name, count) in names.CountBy(name => name))
        {
            if (axes.FirstOrDefault(axis => axis.Name == name) is not { } axis)
            {
                mistakes.Add(sweep.Origin, "sweep.average", NoAxis(name, [.. axes.Select(a => a.Name)]));
            }
            else if (count > 1)
            {
                mistakes.Add(sweep.Origin, "sweep.average", $"names '{name}' more than once");
            }
            else if (axis.Range is not null)
            {
                mistakes.Add(sweep.Origin, "sweep.average", $"the axis '{name}' is drawn from a range, so no two settings would have the same values of it; a list of values is expected");
            }
        }
    }

    /// <summary>How it is said that an axis is not there.</summary>
    /// <param name="name">That somebody wrote.</param>
    /// <param name="there">Those that could have been meant.</param>
    public static string NoAxis(string name, IReadOnlyList<string> there) =>
        $"there is no axis '{name}'; the sweep has {(there.Count == 0 ? "none" : string.Join(", ", there))}{NearestMatch.Suffix(name, there)}";

    /// <summary>The other axes: what tells settings apart.</summary>
    public IReadOnlyList<Axis> Shown => field ??= [.. axes.Where(axis => !names.Contains(axis.Name))];

    /// <summary>Why something cannot be said of an axis; null where it can, or it is none.</summary>
    public string? Refusal(string name) => names.Contains(name) && axes.Any(axis => axis.Name == name)
        ? $"'{name}' is averaged over (sweep.average): it tells no settings apart"
        : null;

    /// <summary>Why a name is that of no axis that is shown.</summary>
    public string Missing(string name) => Refusal(name) ?? NoAxis(name, [.. Shown.Select(axis => axis.Name)]);

    /// <summary>The combinations of one setting, which differ in averaged axes only.</summary>
    /// <param name="setting">One value per axis that is shown.</param>
    public IEnumerable<AxisValue[]> Of(AxisValue[] setting)
    {
        IEnumerable<AxisValue[]> begun = [[]];
        var shown = 0;
        foreach (var axis in axes)
        {
            var values = names.Contains(axis.Name) ? axis.Values : [setting[shown++]];
            begun = begun.SelectMany(before => values.Select(value => (AxisValue[])[.. before, value]));
        }

        return begun;
    }

    /// <summary>The setting of a combination.</summary>
    public IReadOnlyList<AxisValue> SettingOf(AxisValue[] combination) => Shown.Count == axes.Count
        ? combination
        : [.. combination.Where((_, axis) => !names.Contains(axes[axis].Name))];
}
