using Orchestrator.Abstractions;

namespace Orchestrator.Rules.Tests.Consistency;

/// <summary>A consistency model put together from lambdas, to be wrong in one point.</summary>
internal sealed class WrongRule : IConsistency
{
    private long[] waiting = [];

    public required Action<WrongRule, Arrival, Decision> Arrives { get; init; }

    public Action<WrongRule, int, Decision> Leaves { get; init; } = (_, _, _) => { };

    public int Workers { get; private set; }

    /// <summary>Something kept where no checkpoint finds it.</summary>
    public long Forgotten { get; set; }

    /// <summary>Workers made to wait.</summary>
    public ref long Waiting => ref waiting[Workers];

    public bool TakesMean => true;

    public void Attach(int workers, RuleState state) => (Workers, waiting) = (workers, state.Integers("waiting", workers + 1));

    public void Arrived(in Arrival arrival, Decision decision) => Arrives(this, arrival, decision);

    public void Left(int worker, Decision decision) => Leaves(this, worker, decision);

    /// <summary>Releases whoever waited and makes this worker wait.</summary>
    public void Swap(int worker, Decision decision)
    {
        if (Waiting > 0)
        {
            decision.Release((int)waiting[0]);
        }

        (waiting[0], Waiting) = (worker, 1);
    }

    /// <summary>A round of so many workers, those that have left counted like all.</summary>
    public void Gather(int worker, int size, Decision decision, bool sorted)
    {
        waiting[Waiting++] = worker;
        if (Waiting < size)
        {
            decision.Buffer();
            return;
        }

        decision.Apply();
        var released = waiting[..(int)Waiting];
        foreach (var gone in sorted ? released.Order() : released.AsEnumerable())
        {
            decision.Release((int)gone);
        }

        Waiting = 0;
    }
}
