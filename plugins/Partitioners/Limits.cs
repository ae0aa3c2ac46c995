using Orchestrator.Abstractions;

namespace Orchestrator.Partitioners;

/// <summary>What the numbers of samples, classes and workers must keep to.</summary>
internal static class Limits
{
    public static string? OneSampleEach(int count, int workers)
        => workers > count ? $"{workers} workers cannot share {count} training samples; allowed: 1 to {count} workers." : null;

    public static string? Labelled(int classes)
        => classes == 0 ? "The samples have no labels; this partitioner deals by label." : null;

    /// <summary>Throws what <see cref="IPartitioner.Reject"/> said.</summary>
    public static void Enforce(string? objection)
    {
        if (objection is not null)
        {
            throw new OptionException("", objection);
        }
    }
}
