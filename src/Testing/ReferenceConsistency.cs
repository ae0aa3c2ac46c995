using Orchestrator.Abstractions;

namespace Orchestrator.Testing;

/// <summary>
/// The three limits that consistency models are compared with, in their plainest form.
/// </summary>
public static class ReferenceConsistency
{
    /// <summary>Every push an update.</summary>
    public static IConsistency Asynchronous() => new Dropping(long.MaxValue);

    /// <summary>Every push of a staleness below the threshold an update.</summary>
    public static IConsistency StalenessThreshold(long threshold) => new Dropping(threshold);

    /// <summary>Rounds of everybody.</summary>
    public static IConsistency BulkSynchronous() => new Rounds();

    private sealed class Dropping(long threshold) : IConsistency
    {
        public bool TakesMean => false;

        public void Attach(int workers, RuleState state) { }

        public void Arrived(in Arrival arrival, Decision decision)
        {
            if (arrival.Version - arrival.VersionPulled >= threshold)
            {
                decision.Drop();
            }
            else
            {
                decision.Apply();
            }

            decision.Release(arrival.Worker);
        }

        public void Left(int worker, Decision decision) { }
    }

    // Plain on purpose, and quadratic: the whole roster is looked through at each arrival.
    private sealed class Rounds : IConsistency
    {
        private readonly SortedSet<int> computing = [];
        private readonly SortedSet<int> waiting = [];
        private bool isAnyHeld;

        public bool TakesMean => true;

        public void Attach(int workers, RuleState state) => computing.UnionWith(Enumerable.Range(0, workers));

        public void Arrived(in Arrival arrival, Decision decision)
        {
            computing.Remove(arrival.Worker);
            waiting.Add(arrival.Worker);
            isAnyHeld = computing.Count > 0;
            Begin(isAnyHeld ? decision.Buffer() : decision.Apply());
        }

        public void Left(int worker, Decision decision)
        {
            computing.Remove(worker);
            waiting.Remove(worker);
            if (computing.Count == 0 && isAnyHeld)
            {
                isAnyHeld = false;
                Begin(decision.ApplyBuffered());
            }
        }

        private void Begin(Decision decision)
        {
            if (computing.Count > 0)
            {
                return;
            }

            foreach (var worker in waiting)
            {
                decision.Release(worker);
            }

            computing.UnionWith(waiting);
            waiting.Clear();
        }
    }
}
