using System.Globalization;
using Orchestrator.Abstractions;

namespace Orchestrator.Analyzers.MLNet;

/// <summary>One setting in which runs differ, as a number for each.</summary>
/// <param name="Name">Its path, or the name of the sweep's axis.</param>
/// <param name="Values">Of each run: the number (its logarithm where it spans more than a factor of
/// 20), or the place among the words.</param>
/// <param name="Texts">Of each run, as written.</param>
/// <param name="IsNumeric">Whether all values are numbers.</param>
internal sealed record Axis(string Name, float[] Values, string[] Texts, bool IsNumeric)
{
    private const double WideSpan = 20;

    /// <summary>
    /// The settings in which runs differ; seeds are what they differ by within a cell, and are
    /// none.
    /// </summary>
    public static List<Axis> Of(IReadOnlyList<RunFacts> runs)
    {
        var names = runs.SelectMany(run => run.Settings.Keys).Where(name => name != "seed" && !name.StartsWith("streams", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var axes = new List<Axis>();
        foreach (var name in names)
        {
            string[] texts = [.. runs.Select(run => run.Settings.GetValueOrDefault(name, ""))];
            if (texts.Distinct(StringComparer.Ordinal).Skip(1).Any() && !axes.Any(axis => SameSplit(axis.Texts, texts)))
            {
                axes.Add(Of(name, texts));
            }
        }

        return axes;
    }

    private static Axis Of(string name, string[] texts)
    {
        var numbers = new double[texts.Length];
        var isNumeric = true;
        for (var n = 0; n < texts.Length; n++)
        {
            isNumeric &= double.TryParse(texts[n], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[n]);
        }

        if (!isNumeric)
        {
            string[] words = [.. texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            return new(name, [.. texts.Select(text => (float)Array.IndexOf(words, text))], texts, false);
        }

        var isWide = numbers.Min() > 0 && numbers.Max() / numbers.Min() > WideSpan;
        return new(name, [.. numbers.Select(number => (float)(isWide ? Math.Log(number) : number))], texts, true);
    }

    // Settings that a variant changes together are one axis.
    private static bool SameSplit(string[] one, string[] other)
    {
        var (there, back) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        return one.Zip(other).All(pair => Agrees(there, pair.First, pair.Second) && Agrees(back, pair.Second, pair.First));
    }

    private static bool Agrees(Dictionary<string, string> map, string key, string value) => map.TryAdd(key, value) || map[key] == value;
}
