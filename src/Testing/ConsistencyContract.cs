using Orchestrator.Abstractions;
using Xunit;

namespace Orchestrator.Testing;

/// <summary>
/// One claim that a rule, under some options, makes the same timeline as another.
/// </summary>
/// <param name="Claim">The claim: <c>k-sync(N) = bulk-synchronous</c>.</param>
/// <param name="Rule">Makes the rule.</param>
/// <param name="Reference">Makes what it must equal; <see cref="ReferenceConsistency"/> has the
/// usual ones.</param>
public sealed record ConsistencyIdentity(string Claim, Func<IConsistency> Rule, Func<IConsistency> Reference);

/// <summary>
/// What every consistency model must keep to; a model's test class inherits it. The model works on
/// <see cref="ToyRun"/>, which checks each answer, for several numbers of workers and kinds of
/// durations.
/// </summary>
public abstract class ConsistencyContract
{
    private const int Arrivals = 2000;

    private static readonly int[] WorkerCounts = [1, 2, 3, 8];

    /// <summary>
    /// Arrivals, per worker, that a worker may have to wait for before it is released.
    /// </summary>
    protected virtual int Patience => 50;

    /// <summary>A fresh model with typical options that fit the number of workers.</summary>
    public abstract IConsistency Create(int workers);

    /// <summary>Options under which the model is another one.</summary>
    public virtual IEnumerable<ConsistencyIdentity> Identities(int workers) => [];

    /// <summary>
    /// Whether a worker goes on as soon as its push has arrived and nobody is cancelled, so that
    /// staleness is conserved.
    /// </summary>
    public virtual bool KeepsEverybodyComputing => false;

    /// <summary>
    /// Every answer is one that the engine can carry out, updates are made, and each worker is
    /// released within <see cref="Patience"/> arrivals per worker.
    /// </summary>
    [Fact]
    public void Each_answer_is_lawful_and_nobody_starves() => Everywhere((workers, durations, where) =>
    {
        var run = new ToyRun(Create(workers), workers, durations).Until(Arrivals);
        run.NobodyWaitsSince(Arrivals - (Patience * workers));
        Assert.True(run.Version > 0, $"{where}: {Arrivals} arrivals made no update.");
    });

    /// <summary>
    /// When all workers but one leave, one after the other, the rest goes on and makes updates.
    /// </summary>
    [Fact]
    public void Lost_workers_hold_nobody_up() => Everywhere((workers, durations, where) =>
    {
        var run = new ToyRun(Create(workers), workers, durations);
        for (var lost = 0; lost < workers - 1; lost++)
        {
            run.Until(run.Arrivals + 7 + lost);
            run.Lose((lost * 5) % workers);
        }

        var (before, version) = (run.Arrivals, run.Version);
        run.Until(before + Arrivals).NobodyWaitsSince(before + Arrivals - (Patience * workers));
        Assert.True(run.Version > version, $"{where}: no update after workers were lost.");
    });

    /// <summary>
    /// Where each worker has so many gradients to compute, it pulls exactly as often, and the run
    /// ends.
    /// </summary>
    [Fact]
    public void Every_worker_ends_its_passes() => Everywhere((workers, durations, where) =>
    {
        var pulls = new long[workers];
        var run = new ToyRun(Create(workers), workers, durations, toy => pulls[toy.Worker] += toy.Step == ToyStep.Pull ? 1 : 0, gradientsEach: 50);
        run.Until(long.MaxValue);
        Assert.True(run.IsOver, $"{where}: a worker did not end its passes.");
        Assert.All(pulls, count => Assert.Equal(50, count));
    });

    /// <summary>
    /// A model that is saved and restored every 13 arrivals decides as one that never was.
    /// </summary>
    [Fact]
    public void Saved_and_restored_it_goes_on_as_if_nothing_had_happened() => Everywhere((workers, durations, where) =>
    {
        List<ToyEvent> whole = [], resumed = [];
        new ToyRun(Create(workers), workers, durations, whole.Add, gradientsEach: 60).Until(long.MaxValue);
        var run = new ToyRun(Create(workers), workers, durations, resumed.Add, gradientsEach: 60);
        for (var stop = 13; !run.IsOver; stop += 13)
        {
            run.Until(stop);
            run.Resume(Create(workers));
        }

        Same(whole, resumed, $"{where}: a restored rule decides otherwise");
    });

    /// <summary>
    /// Two instances with the same options answer the same arrivals alike: the model draws nothing
    /// and reads no clock.
    /// </summary>
    [Fact]
    public void The_same_arrivals_get_the_same_answers() => Everywhere((workers, durations, where) =>
        Same(Timeline(Create(workers), workers, durations), Timeline(Create(workers), workers, durations), $"{where}: a second run differs"));

    /// <summary>Once warm, answers allocate no memory.</summary>
    [Fact]
    public void Answers_allocate_nothing() => Everywhere((workers, durations, where) =>
    {
        var run = new ToyRun(Create(workers), workers, durations).Until(Arrivals);
        var warm = run.Allocated;
        Assert.True(run.Until(2 * Arrivals).Allocated == warm, $"{where}: {run.Allocated - warm} bytes were allocated in {Arrivals} answers.");
    });

    /// <summary>
    /// Every claim of <see cref="Identities"/> holds, event for event, also while workers leave.
    /// </summary>
    [Fact]
    public void Its_identities_hold() => Everywhere((workers, durations, where) =>
    {
        foreach (var (claim, rule, reference) in Identities(workers))
        {
            Same(Timeline(reference(), workers, durations), Timeline(rule(), workers, durations), $"{where}: {claim}");
            Same(Leaving(reference(), workers, durations), Leaving(rule(), workers, durations), $"{where}, workers leaving: {claim}");
        }
    });

    /// <summary>
    /// Staleness of arrivals and in flight sums to (N - 1) x version where everybody computes all
    /// the time, and to no more anywhere.
    /// </summary>
    [Fact]
    public void Staleness_is_conserved_where_everybody_computes() => Everywhere((workers, durations, where) =>
    {
        var arrived = 0L;
        var run = new ToyRun(Create(workers), workers, durations, toy => arrived += toy.Step == ToyStep.Pull ? 0 : toy.Staleness).Until(Arrivals);
        var (sum, all) = (arrived + run.StalenessInFlight, (workers - 1) * run.Version);
        Assert.True(sum == all || !KeepsEverybodyComputing, $"{where}: staleness of arrivals and in flight sums to {sum}; (N - 1) x version is {all}.");
        Assert.True(sum <= all, $"{where}: staleness of arrivals and in flight sums to {sum}, more than (N - 1) x version, {all}.");
    });

    /// <summary>The events of a run.</summary>
    public static IReadOnlyList<ToyEvent> Timeline(IConsistency rule, int workers, Func<int, long, long> durations)
    {
        var events = new List<ToyEvent>();
        new ToyRun(rule, workers, durations, events.Add).Until(Arrivals);
        return events;
    }

    // Even workers are lost on the way, the others end their passes.
    private static List<ToyEvent> Leaving(IConsistency rule, int workers, Func<int, long, long> durations)
    {
        var events = new List<ToyEvent>();
        var run = new ToyRun(rule, workers, durations, events.Add, gradientsEach: 40);
        for (var worker = 0; worker < workers - 1; worker += 2)
        {
            run.Until(run.Arrivals + 11);
            run.Lose(worker);
        }

        run.Until(long.MaxValue);
        return events;
    }

    private static void Same(IReadOnlyList<ToyEvent> expected, IReadOnlyList<ToyEvent> actual, string claim)
    {
        for (var i = 0; i < Math.Min(expected.Count, actual.Count); i++)
        {
            if (expected[i] != actual[i])
            {
                Assert.Fail($"{claim}. Event {i} is {actual[i]}; expected {expected[i]}.");
            }
        }

        Assert.True(expected.Count == actual.Count, $"{claim}. {actual.Count} events; expected {expected.Count}.");
    }

    private static void Everywhere(Action<int, Func<int, long, long>, string> check)
    {
        foreach (var name in ToyDurations.Names)
        {
            foreach (var workers in WorkerCounts)
            {
                check(workers, ToyDurations.Of(name), $"{workers} workers, {name} durations");
            }
        }
    }
}
