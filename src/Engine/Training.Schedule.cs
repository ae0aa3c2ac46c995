namespace Orchestrator.Engine;

/// <content>Where another run's schedule is followed: that this run makes the same sequence of events.</content>
public sealed partial class Training
{
    private static readonly WorkerDelays NoDelays = new(new DelaySet(null, null, null), new Dictionary<int, DelaySet>());

    private static void CheckOrder(RecordedSchedule schedule, int worker, long gradient, long number)
    {
        if (schedule.Find(worker, gradient) is { } recorded && recorded.Event != number)
        {
            throw new EngineException(
                $"The recorded schedule does not fit: worker {worker}'s push {gradient} is event {number} here and event {recorded.Event} there, so the pulls before it differ.");
        }
    }

    // With nothing of the schedule in flight, nothing of it may be left; otherwise somebody was not released who was released there.
    private void CheckEnd(RecordedSchedule schedule)
    {
        if (states.Any(state => state.InFlightPush is { } flight && schedule.Arrives(flight.Worker, flight.Gradient)))
        {
            return;
        }

        if (schedule.Problem is { } problem)
        {
            throw new EngineException(problem);
        }

        for (var worker = 0; worker < states.Length; worker++)
        {
            if (schedule.Find(worker, states[worker].NextGradient) is not null)
            {
                throw new EngineException(
                    $"The recorded schedule does not fit: worker {worker} is not released for its push {states[worker].NextGradient}, which is on the schedule (version {server.Version}).");
            }
        }
    }
}
