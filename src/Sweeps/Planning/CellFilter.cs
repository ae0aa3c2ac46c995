using Orchestrator.Abstractions;
using Orchestrator.Composition;

namespace Orchestrator.Sweeps;

/// <summary>
/// Which combinations a sweep keeps: those that <c>where</c> names, without those that
/// <c>exclude</c> does.
/// </summary>
internal sealed class CellFilter
{
    private const int MostValuesTold = 20;

    private readonly Averages averages;
    private readonly SweepMistakes mistakes;
    private readonly Dictionary<int, HashSet<string>> kept;
    private readonly List<Dictionary<int, HashSet<string>>> excluded = [];

    /// <param name="averages">The axes.</param>
    /// <param name="sweep">The section.</param>
    /// <param name="mistakes">Where mistakes go.</param>
    public CellFilter(Averages averages, SweepSettings sweep, SweepMistakes mistakes)
    {
        (this.averages, this.mistakes) = (averages, mistakes);
        kept = Entry(sweep.Where, "sweep.where");
        for (var i = 0; i < sweep.Exclude.Count; i++)
        {
            var path = $"sweep.exclude[{i}]";
            if (sweep.Exclude[i].Count == 0)
            {
                mistakes.Add(sweep.Origin, path, "names no axis, so it would leave out everything");
            }

            excluded.Add(Entry(sweep.Exclude[i], path));
        }
    }

    /// <summary>Whether <c>where</c> names a setting.</summary>
    public bool Keeps(IReadOnlyList<AxisValue> setting) => Fits(kept, setting);

    /// <summary>Whether <c>exclude</c> does.</summary>
    public bool Excludes(IReadOnlyList<AxisValue> setting) => excluded.Any(entry => Fits(entry, setting));

    private static bool Fits(Dictionary<int, HashSet<string>> entry, IReadOnlyList<AxisValue> setting) =>
        entry.All(named => named.Value.Contains(setting[named.Key].Json));

    private Dictionary<int, HashSet<string>> Entry(IReadOnlyDictionary<string, PipelineValue> given, string path)
    {
        var (axes, entry) = (averages.Shown, new Dictionary<int, HashSet<string>>());
        foreach (var (name, value) in given)
        {
            var axis = axes.ToList().FindIndex(a => a.Name == name);
            if (axis < 0)
            {
                mistakes.Add(value.Origin, path, averages.Missing(name));
                continue;
            }

            // A value of a zipped axis is a list itself.
            var isOne = value.Elements is null || axes[axis].Values.Any(v => v.Json == value.Json);
            entry[axis] = [.. (isOne ? [value] : value.Elements!).Select(one => Meant(axes[axis], one, path)).OfType<AxisValue>().Select(one => one.Json)];
        }

        return entry;
    }

    private static string Quoted(List<string> texts) => texts.Find(text => text.Contains(',', StringComparison.Ordinal)) is { } one ? $" (with commas in quotes: \"{one}\")" : "";

    private AxisValue? Meant(Axis axis, PipelineValue given, string path)
    {
        if ((axis.Values.FirstOrDefault(value => value.Json == given.Json) ?? axis.Values.FirstOrDefault(value => value.IsMeantBy(given.Text))) is { } meant)
        {
            return meant;
        }

        var texts = axis.Values.Select(value => value.Text).ToList();
        mistakes.Add(
            given.Origin, path,
            axis.Range is not null
                ? $"the axis '{axis.Name}' is a range, of which no value can be named"
                : $"the axis '{axis.Name}' has no value {(given.Text.Length > 0 ? given.Text : "''")}; it has {string.Join(", ", texts.Take(MostValuesTold))}{Quoted(texts)}{NearestMatch.Suffix(given.Text, texts)}");
        return null;
    }
}
