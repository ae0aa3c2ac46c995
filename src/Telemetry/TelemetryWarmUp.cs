using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Engine;
using Orchestrator.Observation;

namespace Orchestrator.Telemetry;

/// <summary>
/// Telemetry of a run that there is not, which goes nowhere: while the program reads its data on
/// one core, the runtime compiles on another what will export the run, so that no push of the run
/// competes with the compiler.
/// </summary>
public static class TelemetryWarmUp
{
    // Enough for the runtime to compile what each push calls with all optimizations
    // (CallCountThreshold in eng/Runtime.targets).
    private const int Pushes = 256;

    /// <summary>
    /// Begins it on a thread of its own. The sessions of real runs begin when it has ended.
    /// </summary>
    /// <param name="settings">The pipeline's section; null without one, or when it is not known
    /// yet.</param>
    /// <param name="scraped">Whether metrics are wanted without OTLP too.</param>
    /// <param name="variable">The value of an OTEL_* variable, or null.</param>
    public static Task Begin(TelemetrySettings? settings, bool scraped, Func<string, string?> variable) => Task.Factory.StartNew(
        () => Play(TelemetryPlan.From(settings, variable), scraped), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    internal static IReadOnlyList<string> Play(TelemetryPlan plan, bool scraped)
    {
        var run = new ObservedRun("rehearsal", "rehearsal", "none", "none", "none", 2, IsVirtual: true);
        var rehearsed = plan with { Endpoints = plan.Endpoints.Rehearsed(), Metrics = plan.Metrics || scraped, Rule = new TraceRule(1, null) };
        using var session = new TelemetrySession(rehearsed, run, "0", new RunProgress(), metricsPort: null);
        const long now = 1;
        for (var i = 0; i < Pushes; i++)
        {
            session.Observer.Pushed(Push(i, now), new PushTimes { Pulled = now, Posted = now, Started = now, Computed = now, Received = now, Taken = now, Handled = now });
        }

        session.Observer.Evaluated(new EvaluationRecord
        {
            Event = Pushes,
            Version = Pushes,
            Epoch = 1,
            At = now,
            TestLoss = 1,
            TestAccuracy = 1,
            LargestPredictedShare = 1,
            ParameterNorm = 1,
            Train = new SetScore(1, 1),
            Validation = new SetScore(1, 1),
            Duration = 1,
        });
        session.Observer.Happened(new RunEvent(now, "rehearsed", 0, 0, ""));
        return session.Close("completed", failed: false);
    }

    private static PushRecord Push(int number, long now) => new()
    {
        Event = number,
        PullEvent = number,
        Worker = number & 1,
        Gradient = number,
        Batch = number,
        Samples = 1,
        Decision = PushDecision.Applied,
        VersionPulled = number,
        Version = number + 1,
        PulledAt = now,
        ArrivedAt = now,
        GapRms = 1,
        GradientNorm = 1,
        UpdateNorm = 1,
        Loss = 1,
        LearningRate = 1,
        PayloadBytes = 1,
        ComputeTime = 1,
        Host = 0,
    };
}
