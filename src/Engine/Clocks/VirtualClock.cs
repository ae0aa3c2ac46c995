using System.Globalization;

namespace Orchestrator.Engine;

/// <summary>Arrivals by drawn time, ties by worker.</summary>
internal sealed class VirtualClock(Dispatcher dispatcher, WorkerTable workers, Func<bool> computeOne, Action wake, Action<int> prefetch)
    : SimulatedClock(dispatcher, workers, computeOne, wake, prefetch)
{
    public override void Start(InFlightPush push, in Durations durations)
    {
        push.PulledAt = Now;
        try
        {
            push.ArrivesAt = checked(Now + Math.Max(1, durations.Total));
        }
        catch (OverflowException)
        {
            throw new EngineException(string.Create(CultureInfo.InvariantCulture,
                $"worker {push.Worker}: what it pulled at version {push.Version}, virtual time {Now / 1e9:F3} s, arrives after the clock's end at {long.MaxValue / 1e9:F0} s; make delays shorter, or end the run earlier"));
        }

        Continue(push);
    }

    public override void Continue(InFlightPush push) => Enqueue(push, push.ArrivesAt);
}
