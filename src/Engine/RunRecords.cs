using Orchestrator.Abstractions;

namespace Orchestrator.Engine;

/// <summary>
/// Makes the run's records: of each push for recorder, progress and observer, of each event for
/// recorder and observer.
/// </summary>
internal sealed class RunRecords(Experiment experiment, IRecorder recorder, RunProgress progress, IServerEnd link, Clock clock, long payloadBytes)
{
    private static readonly PushNorms NoNorms = new(double.NaN, double.NaN, double.NaN);

    /// <summary>A push has arrived, and the server has done with it what was decided.</summary>
    public void Arrived(InFlightPush push, long number, long version, Disposition disposition, double rate, in PushNorms norms, ParameterServer server)
    {
        var decision = disposition switch
        {
            Disposition.Apply => PushDecision.Applied,
            Disposition.Buffer => PushDecision.Buffered,
            _ => PushDecision.Dropped,
        };
        Write(push, Row(push, number, version, decision, rate, norms));
        progress.Arrived(server.Version, push.ArrivesAt, version - push.Version, server.Epoch, push.Loss);
    }

    /// <summary>A push was cancelled.</summary>
    public void Cancelled(InFlightPush push, long number, ParameterServer server) => Write(
        push,
        Row(push, number, server.Version, PushDecision.Cancelled, server.LearningRate, NoNorms) with { ArrivedAt = clock.CancelledAt(push), Loss = double.NaN, ComputeTime = 0 });

    /// <summary>
    /// What the host computed is gone; the same push of the same worker is computed again, from
    /// what it was sent.
    /// </summary>
    public void Lost(InFlightPush push) =>
        Write("gradient-lost", push.Worker, push.Host, $"push {push.Gradient}, pulled at version {push.Version}, is computed again");

    /// <summary>A host has joined, left or was refused.</summary>
    public void HostChanged(in ServerEvent change)
    {
        progress.HostsChanged(change.Kind switch { ServerEventKind.HostJoined => 1, ServerEventKind.HostLeft => -1, _ => 0 });
        var kind = change.Kind switch
        {
            ServerEventKind.HostJoined => "host-joined",
            ServerEventKind.HostLeft => "host-left",
            _ => "host-refused",
        };
        Write(kind, -1, change.Host, change.Message ?? "");
    }

    private void Write(InFlightPush push, in PushRecord row)
    {
        recorder.Push(row);
        if (experiment.Observer is { } observer)
        {
            var now = WallTime.Now;
            progress.Carried(link, now);
            observer.Pushed(row, push.Times with { Handled = now });
        }
    }

    private void Write(string kind, int worker, int host, string message)
    {
        var record = new RunEvent(clock.Now, kind, worker, host, message);
        recorder.Event(record);
        experiment.Observer?.Happened(record);
    }

    private PushRecord Row(InFlightPush push, long number, long version, PushDecision decision, double rate, in PushNorms norms) => new()
    {
        Event = number,
        PullEvent = push.PullEvent,
        Worker = push.Worker,
        Gradient = push.Gradient,
        Batch = push.Batch,
        Samples = push.Samples,
        Decision = decision,
        VersionPulled = push.Version,
        Version = version,
        PulledAt = push.PulledAt,
        ArrivedAt = push.ArrivesAt,
        GapRms = norms.GapRms,
        GradientNorm = norms.Gradient,
        UpdateNorm = norms.Update,
        Loss = push.Loss,
        LearningRate = rate,
        PayloadBytes = payloadBytes,
        ComputeTime = push.ComputeTime,
        Host = push.Host,
    };
}
