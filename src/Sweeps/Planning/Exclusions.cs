using Orchestrator.Abstractions;
using Orchestrator.Composition;

namespace Orchestrator.Sweeps;

/// <summary>Combinations that are left out.</summary>
internal sealed class Exclusions
{
    private readonly List<Dictionary<int, HashSet<string>>> entries = [];

    /// <param name="averages">The axes.</param>
    /// <param name="sweep">The section.</param>
    /// <param name="mistakes">Where mistakes go.</param>
    public Exclusions(Averages averages, SweepSettings sweep, SweepMistakes mistakes)
    {
        for (var i = 0; i < sweep.Exclude.Count; i++)
        {
            entries.Add(Entry(averages, sweep.Exclude[i], $"sweep.exclude[{i}]", sweep.Origin, mistakes));
        }
    }

    /// <summary>Whether an entry names this setting.</summary>
    public bool Has(IReadOnlyList<AxisValue> setting) => entries.Any(entry => entry.All(named => named.Value.Contains(setting[named.Key].Json)));

    private static Dictionary<int, HashSet<string>> Entry(
        Averages averages, IReadOnlyDictionary<string, PipelineValue> given, string path, Origin origin, SweepMistakes mistakes)
    {
        var (axes, entry) = (averages.Shown, new Dictionary<int, HashSet<string>>());
        if (given.Count == 0)
        {
            mistakes.Add(origin, path, "names no axis, so it would leave out everything");
        }

        foreach (var (name, value) in given)
        {
            var axis = axes.ToList().FindIndex(a => a.Name == name);
            if (axis < 0)
            {
                mistakes.Add(value.Origin, path, averages.Refusal(name) ?? $"there is no axis '{name}'{NearestMatch.Suffix(name, axes.Select(a => a.Name))}");
                continue;
            }

            // A value of a zipped axis is a list itself.
            var isOne = value.Elements is null || axes[axis].Values.Any(v => v.Json == value.Json);
            var named = (isOne ? [value] : value.Elements!).ToList();
            foreach (var unknown in named.Where(one => axes[axis].Values.All(v => v.Json != one.Json)))
            {
                var texts = axes[axis].Values.Select(v => v.Text).ToList();
                mistakes.Add(unknown.Origin, path, $"the axis '{name}' has no value {unknown.Text}; it has {string.Join(", ", texts.Take(20))}{NearestMatch.Suffix(unknown.Text, texts)}");
            }

            entry[axis] = [.. named.Select(one => one.Json)];
        }

        return entry;
    }
}
