using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>Work on all cores.</summary>
internal static class Together
{
    /// <summary>
    /// Does pieces of work; of several that fail the first is told, however many cores there are.
    /// </summary>
    public static void Run(int count, Action<int> work)
    {
        var failures = new DataException?[count];
        Parallel.For(0, count, (i, loop) =>
        {
            if (loop.LowestBreakIteration < i)
            {
                return;
            }

            try
            {
                work(i);
            }
            catch (DataException failure)
            {
                failures[i] = failure;
                loop.Break();
            }
        });
        if (Array.Find(failures, failure => failure is not null) is { } first)
        {
            throw new DataException(first.Message, first);
        }
    }
}
