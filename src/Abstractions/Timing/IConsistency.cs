namespace Orchestrator.Abstractions;

/// <summary>
/// What happens to an arriving push, and which workers go on. Called by one thread. It sees no
/// gradient, only who, which version and when, so that the order of events never depends on a
/// gradient's values. Every worker is released by the engine at version 0; after that a worker
/// computes only when <see cref="Decision.Release"/> names it.
/// </summary>
public interface IConsistency
{
    /// <summary>Whether an update can be the mean of several pushes.</summary>
    bool TakesMean { get; }

    /// <summary>
    /// Whether all workers that compute, compute on the present version (the model lets them go on
    /// together and cancels the rest): then one vector in flight serves them all.
    /// </summary>
    bool OneVersion => false;

    /// <summary>
    /// Pushes of a greater staleness are always dropped; <see cref="long.MaxValue"/>: none is.
    /// </summary>
    long LargestStaleness => long.MaxValue;

    /// <summary>
    /// Called once; state that must survive a checkpoint goes to <paramref name="state"/>'s
    /// integers and numbers.
    /// </summary>
    /// <param name="workers">N.</param>
    /// <param name="state">Saved and restored by the engine.</param>
    /// <exception cref="OptionException">The options do not fit N.</exception>
    void Attach(int workers, RuleState state);

    /// <summary>
    /// Decides over an arrival: exactly one of Apply, Buffer or Drop, and any number of releases
    /// and cancellations.
    /// </summary>
    void Arrived(in Arrival arrival, Decision decision);

    /// <summary>
    /// A worker has ended its passes or has been lost; its work in flight, if any, will not arrive.
    /// Buffered pushes stay.
    /// </summary>
    void Left(int worker, Decision decision);

    /// <summary>
    /// The largest number of pushes it holds back at once, for the memory estimate.
    /// </summary>
    /// <param name="workers">N.</param>
    int LargestBuffer(int workers) => TakesMean ? workers : 0;
}

/// <summary>A push at the server's door.</summary>
/// <param name="Worker">Whose.</param>
/// <param name="Gradient">Number of the worker's push, from 0, cancelled ones counted.</param>
/// <param name="VersionPulled">The version that the worker was sent.</param>
/// <param name="Version">The server's version now.</param>
public readonly record struct Arrival(int Worker, long Gradient, long VersionPulled, long Version)
{
    /// <summary>Updates between pull and arrival; 0 when fresh.</summary>
    public long Staleness => Version - VersionPulled;
}
