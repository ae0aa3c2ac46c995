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
        if (flights.Any(flight => flight is not null && schedule.Arrives(flight.Worker, flight.Gradient)))
        {
            return;
        }

        if (schedule.Problem is { } problem)
        {
            throw new EngineException(problem);
        }

        for (var worker = 0; worker < flights.Length; worker++)
        {
            if (schedule.Find(worker, nextGradient[worker]) is not null)
            {
                throw new EngineException(
                    $"The recorded schedule does not fit: worker {worker} is not released for its push {nextGradient[worker]}, which is on the schedule (version {server.Version}).");
            }
        }
    }
}
