using Orchestrator.Abstractions;

namespace Orchestrator.Engine;

/// <content>What a decision asks for besides an update: whose work is released or cancelled, also where a worker has left.</content>
public sealed partial class Training
{
    private readonly Queue<int> departures = [];

    // Workers that have made their passes leave one by one, each of which may complete an update and release others.
    private void SettleDepartures()
    {
        while (departures.TryDequeue(out var worker))
        {
            var version = server.Version;
            decision.Reset();
            experiment.Consistency.Left(worker, decision);
            CancelWork();
            if (decision.AppliesBuffered && server.Held > 0 && end is null)
            {
                server.ApplyHeld();
                Settle(version);
            }

            ReleaseWork();
        }
    }

    private void ReleaseWork()
    {
        var released = decision.Released;
        for (var i = 0; i < released.Count; i++)
        {
            Release(released[i]);
        }
    }

    private void CancelWork()
    {
        var cancelled = decision.Cancelled;
        for (var i = 0; i < cancelled.Count; i++)
        {
            if (states[cancelled[i]].InFlightPush is not { } flight)
            {
                throw new EngineException($"{experiment.Consistency.GetType().Name} cancelled worker {cancelled[i]}, which computes nothing.");
            }

            states[flight.Worker].InFlightPush = null;
            working--;
            Tell(flight, RowOf(flight, ++events, server.Version, PushDecision.Cancelled, server.LearningRate, CancelledNorms) with { Loss = double.NaN, ComputeTime = 0 });
            if (clock.Cancel(flight))
            {
                Free(flight);
            }
        }
    }
}
