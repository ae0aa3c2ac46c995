using System.Globalization;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>Names of classes whose labels are numbers.</summary>
internal static class LabelNames
{
    /// <summary>More classes than this are taken for a mistake in the labels.</summary>
    public const int MostClasses = 65_536;

    /// <summary>Refuses a list of names that cannot be told apart.</summary>
    /// <exception cref="OptionException">It is empty, or a name is there twice.</exception>
    public static void Check(IReadOnlyList<string>? names)
    {
        if (names is not null && (names.Count is 0 or > MostClasses || names.Distinct(StringComparer.Ordinal).Count() < names.Count))
        {
            throw new OptionException("classNames", $"has {names.Count} names, {names.Distinct(StringComparer.Ordinal).Count()} of them different; 1 to {MostClasses} different names are needed");
        }
    }

    /// <summary>The number of classes: of the names, or up to the largest label.</summary>
    public static int Count(IReadOnlyList<string>? names, long largestLabel) => names?.Count ?? (int)Math.Clamp(largestLabel, 0, MostClasses - 1) + 1;

    public static IReadOnlyList<string> Of(IReadOnlyList<string>? names, int classes) =>
        names ?? [.. Enumerable.Range(0, classes).Select(label => label.ToString(CultureInfo.InvariantCulture))];
}
