using System.Globalization;
using Orchestrator.Abstractions;
using Xunit;

namespace Orchestrator.Testing;

/// <summary>What happened at one step of a <see cref="ToyRun"/>.</summary>
public enum ToyStep
{
    /// <summary>A worker was sent the parameters.</summary>
    Pull,

    /// <summary>Its push arrived and completed an update.</summary>
    Apply,

    /// <summary>Its push arrived and is held.</summary>
    Buffer,

    /// <summary>Its push arrived and was discarded.</summary>
    Drop,

    /// <summary>Its work ended without a push.</summary>
    Cancel,

    /// <summary>It has left; the rule may have made an update of what is held.</summary>
    Leave,
}

/// <summary>One line of a toy run's timeline.</summary>
/// <param name="Step">What happened.</param>
/// <param name="Time">Virtual time, ns.</param>
/// <param name="Worker">To whom.</param>
/// <param name="Gradient">Number of the worker's gradient, from 0.</param>
/// <param name="VersionPulled">The version it was sent.</param>
/// <param name="Version">The version before the step, at a pull the version sent.</param>
public readonly record struct ToyEvent(ToyStep Step, long Time, int Worker, long Gradient, long VersionPulled, long Version)
{
    /// <summary>Updates between the pull and this step.</summary>
    public long Staleness => Version - VersionPulled;
}

/// <summary>
/// A consistency model at work without gradients: N toy workers whose pushes arrive after given
/// durations, the earliest first, ties by worker number. It is an oracle of its own, not the
/// engine, and fails (as an assertion) as soon as the model breaks its contract: no disposition, a
/// release of a worker that computes, a cancellation of one that does not, more pushes held than
/// announced, a staleness or an older version that it says cannot be, nobody left computing.
/// </summary>
public sealed class ToyRun
{
    private readonly record struct Flight(long Gradient, long Version, bool IsUnderway);

    private readonly int workers;
    private readonly Func<int, long, long> duration;
    private readonly long gradientsEach;
    private readonly Flight[] flights;
    private readonly long[] waitingSince;
    private readonly bool[] left;
    private readonly PriorityQueue<(int Worker, long Gradient), (long Time, int Worker)> arrivals = new();
    private readonly Queue<int> departures = new();
    private readonly Decision decision = new();
    private IConsistency rule;
    private RuleState state;

    /// <param name="rule">A fresh consistency model.</param>
    /// <param name="workers">N.</param>
    /// <param name="duration">ns that a worker's n-th gradient takes, at least 1.</param>
    /// <param name="observer">Is told of every step.</param>
    /// <param name="gradientsEach">A worker leaves once it has computed so many.</param>
    public ToyRun(IConsistency rule, int workers, Func<int, long, long> duration, Action<ToyEvent>? observer = null, long gradientsEach = long.MaxValue)
    {
        (this.rule, this.workers, this.duration, this.gradientsEach, Observer) = (rule, workers, duration, gradientsEach, observer);
        flights = new Flight[workers];
        waitingSince = new long[workers];
        left = new bool[workers];
        state = new RuleState(0, workers);
        rule.Attach(workers, state);
        for (var worker = 0; worker < workers; worker++)
        {
            flights[worker] = new Flight(-1, 0, false);
            Release(worker);
        }

        Depart();
    }

    /// <summary>Is told of every step.</summary>
    public Action<ToyEvent>? Observer { get; set; }

    /// <summary>Updates so far.</summary>
    public long Version { get; private set; }

    /// <summary>Virtual time of the last arrival, ns.</summary>
    public long Time { get; private set; }

    /// <summary>Pushes that arrived.</summary>
    public long Arrivals { get; private set; }

    /// <summary>Pushes that made an update or became part of one.</summary>
    public long Applied { get; private set; }

    /// <summary>Pushes held for a later update.</summary>
    public int Held { get; private set; }

    /// <summary>Bytes that the rule's answers have allocated.</summary>
    public long Allocated { get; private set; }

    /// <summary>Whether every worker has left.</summary>
    public bool IsOver => Array.TrueForAll(left, gone => gone);

    /// <summary>Sum of version - version pulled over the gradients in flight.</summary>
    public long StalenessInFlight => flights.Where(flight => flight.IsUnderway).Sum(flight => Version - flight.Version);

    /// <summary>Takes arrivals until there are so many in all, or everybody has left.</summary>
    public ToyRun Until(long count)
    {
        while (Arrivals < count && Next() is { } worker)
        {
            Take(worker);
        }

        return this;
    }

    /// <summary>A worker is lost; its work in flight does not arrive.</summary>
    public void Lose(int worker)
    {
        if (!left[worker])
        {
            left[worker] = true;
            departures.Enqueue(worker);
            Depart();
        }
    }

    /// <summary>
    /// Goes on with another instance of the rule, which is given nothing but the saved state of the
    /// first.
    /// </summary>
    public void Resume(IConsistency fresh)
    {
        using var saved = new MemoryStream();
        state.Save(saved);
        saved.Position = 0;
        (rule, state) = (fresh, new RuleState(0, workers));
        rule.Attach(workers, state);
        state.Restore(saved);
    }

    /// <summary>
    /// Fails if a worker that has not left waits since before a given number of arrivals.
    /// </summary>
    public void NobodyWaitsSince(long arrivalsBefore)
    {
        for (var worker = 0; worker < workers; worker++)
        {
            Require(left[worker] || flights[worker].IsUnderway || waitingSince[worker] >= arrivalsBefore,
                $"worker {worker} waits since arrival {waitingSince[worker]} of {Arrivals} and is not released");
        }
    }

    private int? Next()
    {
        while (arrivals.TryDequeue(out var next, out var due))
        {
            if (flights[next.Worker] is { IsUnderway: true } flight && flight.Gradient == next.Gradient)
            {
                Time = due.Time;
                return next.Worker;
            }
        }

        Require(IsOver, "nobody computes and nobody was released: the run is stuck");
        return null;
    }

    private void Take(int worker)
    {
        var flight = flights[worker];
        flights[worker] = flight with { IsUnderway = false };
        waitingSince[worker] = ++Arrivals;
        decision.Reset();
        var before = GC.GetAllocatedBytesForCurrentThread();
        rule.Arrived(new Arrival(worker, flight.Gradient, flight.Version, Version), decision);
        Allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        Require(decision.IsMade, $"neither apply, buffer nor drop for worker {worker}'s gradient {flight.Gradient}");
        Require(!decision.AppliesBuffered, "ApplyBuffered is an answer to Left only");
        Require(
            Version - flight.Version <= rule.LargestStaleness || decision.Disposition == Disposition.Drop,
            $"a push of staleness {Version - flight.Version} is not dropped, LargestStaleness says {rule.LargestStaleness}");
        Tell(decision.Disposition switch { Disposition.Apply => ToyStep.Apply, Disposition.Buffer => ToyStep.Buffer, _ => ToyStep.Drop }, worker);
        Cancel();
        Held += decision.Disposition == Disposition.Drop ? 0 : 1;
        if (decision.Disposition == Disposition.Apply)
        {
            Update();
        }

        Require(Held <= rule.LargestBuffer(workers), $"{Held} pushes are held, LargestBuffer says {rule.LargestBuffer(workers)}");
        ReleaseAll();
        RequireOneVersion();
        Depart();
    }

    private void Depart()
    {
        while (departures.TryDequeue(out var worker))
        {
            flights[worker] = flights[worker] with { IsUnderway = false };
            decision.Reset();
            rule.Left(worker, decision);
            Require(!decision.IsMade, "Left has no push to apply, buffer or drop");
            Tell(ToyStep.Leave, worker);
            Cancel();
            if (decision.AppliesBuffered && Held > 0)
            {
                Update();
            }

            ReleaseAll();
            RequireOneVersion();
        }
    }

    private void RequireOneVersion() => Require(
        !rule.OneVersion || Array.TrueForAll(flights, flight => !flight.IsUnderway || flight.Version == Version),
        "OneVersion is true, but workers compute on an older one");

    private void Update() => (Version, Applied, Held) = (Version + 1, Applied + Held, 0);

    private void Cancel()
    {
        foreach (var worker in decision.Cancelled)
        {
            Require((uint)worker < (uint)workers && flights[worker].IsUnderway, $"worker {worker} is cancelled and computes nothing");
            Tell(ToyStep.Cancel, worker);
            flights[worker] = flights[worker] with { IsUnderway = false };
            waitingSince[worker] = Arrivals;
        }
    }

    private void ReleaseAll()
    {
        for (var i = 0; i < decision.Released.Count; i++)
        {
            Release(decision.Released[i]);
        }
    }

    private void Release(int worker)
    {
        Require((uint)worker < (uint)workers, $"worker {worker} is released and does not exist");
        Require(!flights[worker].IsUnderway, $"worker {worker} is released and is computing");
        if (left[worker])
        {
            return;
        }

        var gradient = flights[worker].Gradient + 1;
        if (gradient >= gradientsEach)
        {
            left[worker] = true;
            departures.Enqueue(worker);
            return;
        }

        flights[worker] = new Flight(gradient, Version, true);
        arrivals.Enqueue((worker, gradient), (Time + duration(worker, gradient), worker));
        Tell(ToyStep.Pull, worker);
    }

    private void Tell(ToyStep step, int worker)
        => Observer?.Invoke(new ToyEvent(step, Time, worker, flights[worker].Gradient, flights[worker].Version, Version));

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            Assert.Fail(
                string.Create(CultureInfo.InvariantCulture, $"{rule.GetType().Name}, {workers} workers, at version {Version} and {Time} ns: {otherwise}."));
        }
    }
}
