using Orchestrator.Abstractions;

namespace Orchestrator.Partitioners;

/// <summary>
/// What the numbers of samples, classes and workers must keep to; null when they do.
/// </summary>
internal static class Limits
{
    public static string? OneSampleEach(int count, int workers) => SamplesEach(1, count, workers);

    public static string? SamplesEach(int least, int count, int workers) => (long)workers * least > count
        ? $"{workers} workers with at least {least} sample{(least == 1 ? "" : "s")} each need more than the {count} training samples; allowed: 1 to {count / least} workers."
        : null;

    public static string? Labelled(int classes)
        => classes == 0 ? "The samples have no labels; this partitioner deals by label." : null;

    public static string? Grouped(DatasetShape shape)
        => shape.GroupNames.Count == 0 ? NoGroups : null;

    /// <summary>
    /// What is said where labels are all that is known.
    /// </summary>
    public const string NoGroups =
        "The samples have no groups; the data set's option for them (group of csv and parquet, groups of npz, groupSeparator of image-folder) says what they are.";

    /// <summary>Throws an objection.</summary>
    public static void Enforce(string? objection)
    {
        if (objection is not null)
        {
            throw new OptionException("", objection);
        }
    }
}
