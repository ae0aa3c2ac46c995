using Orchestrator.Abstractions;

namespace Orchestrator.Consistency;

/// <summary>
/// Counts pushes up to an update's number, and the workers that may still bring one; all of it in
/// the rule's state.
/// </summary>
internal sealed class Tally(long size, int workers, RuleState state)
{
    private readonly long[] counts = state.Integers("tally", 2); // pushes held, workers that have left

    /// <summary>Counts an arrival: whether it completes an update.</summary>
    public bool Completes()
    {
        counts[0]++;
        if (counts[0] < size)
        {
            return false;
        }

        counts[0] = 0;
        return true;
    }

    /// <summary>
    /// Counts a worker out: whether it was the last, and pushes are held that nobody will complete.
    /// </summary>
    public bool Strands()
    {
        counts[1]++;
        if (counts[1] < workers || counts[0] == 0)
        {
            return false;
        }

        counts[0] = 0;
        return true;
    }
}
