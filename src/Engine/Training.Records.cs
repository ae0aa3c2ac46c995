using Orchestrator.Abstractions;

namespace Orchestrator.Engine;

/// <content>What the run tells: of each push to recorder, progress and observer, of each event to recorder and observer.</content>
public sealed partial class Training
{
    private static readonly PushNorms CancelledNorms = new(double.NaN, double.NaN, double.NaN);

    private void Record(InFlightPush flight, long number, long version, double rate, in PushNorms norms)
    {
        var made = decision.Disposition switch
        {
            Disposition.Apply => PushDecision.Applied,
            Disposition.Buffer => PushDecision.Buffered,
            _ => PushDecision.Dropped,
        };
        Tell(flight, RowOf(flight, number, version, made, rate, norms));
        progress.Arrived(server.Version, flight.ArrivesAt, version - flight.Version, server.Epoch, flight.Loss);
    }

    private void Tell(InFlightPush flight, in PushRecord row)
    {
        recorder.Push(row);
        if (experiment.Observer is { } observer)
        {
            var now = WallTime.Now;
            progress.Carried(link, now);
            observer.Pushed(row, flight.Times with { Settled = now });
        }
    }

    private PushRecord RowOf(InFlightPush flight, long number, long version, PushDecision made, double rate, in PushNorms norms) => new()
    {
        Event = number,
        PullEvent = flight.PullEvent,
        Worker = flight.Worker,
        Gradient = flight.Gradient,
        Batch = flight.Batch,
        Samples = flight.Samples,
        Decision = made,
        VersionPulled = flight.Version,
        Version = version,
        PulledAt = flight.PulledAt,
        ArrivedAt = made == PushDecision.Cancelled ? clock.CancelledAt(flight) : flight.ArrivesAt,
        GapRms = norms.GapRms,
        GradientNorm = norms.Gradient,
        UpdateNorm = norms.Update,
        Loss = flight.Loss,
        LearningRate = rate,
        PayloadBytes = shape.PayloadBytes,
        ComputeTime = flight.ComputeTime,
        Host = flight.Host,
    };

    private void RecordHost(LinkEvent change)
    {
        progress.HostsChanged(change.Kind switch { LinkEventKind.HostJoined => 1, LinkEventKind.HostLeft => -1, _ => 0 });
        Tell(new RunEvent(clock.Now, HostEvents[change.Kind], -1, change.Host, change.Message ?? ""));
        if (change.Kind == LinkEventKind.HostLeft && HostLeft is { } tell)
        {
            tell(link.Traffic.First(host => host.Host == change.Host));
        }
    }

    // What the host computed is gone; the same push of the same worker is computed again, from what it was sent.
    private void RecordLoss(InFlightPush flight) =>
        Tell(new RunEvent(clock.Now, "gradient-lost", flight.Worker, flight.Host, $"push {flight.Gradient}, pulled at version {flight.Version}, is computed again"));

    private void Tell(RunEvent record)
    {
        recorder.Event(record);
        experiment.Observer?.Happened(record);
    }

    private static readonly Dictionary<LinkEventKind, string> HostEvents = new()
    {
        [LinkEventKind.HostJoined] = "host-joined",
        [LinkEventKind.HostLeft] = "host-left",
        [LinkEventKind.HostRefused] = "host-refused",
    };
}
