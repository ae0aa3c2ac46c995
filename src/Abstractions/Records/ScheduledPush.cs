namespace Orchestrator.Abstractions;

/// <summary>What a recorded push says of when it happened, without its values.</summary>
/// <param name="Event">Number of its arrival (or cancellation) in the run's one sequence of pulls
/// and arrivals.</param>
/// <param name="Worker">Whose.</param>
/// <param name="Gradient">Number of the worker's push, from 0, cancelled ones counted.</param>
/// <param name="IsCancelled">Whether it was ended before it arrived.</param>
/// <param name="PulledAt">Clock time of its pull; ns from the run's start.</param>
/// <param name="ArrivedAt">Clock time of its arrival; ns from the run's start.</param>
public readonly record struct ScheduledPush(long Event, int Worker, long Gradient, bool IsCancelled, long PulledAt, long ArrivedAt);
