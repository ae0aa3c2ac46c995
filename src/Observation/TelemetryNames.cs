namespace Orchestrator.Observation;

/// <summary>
/// Names that dashboards depend on: of the meter, the activity source, instruments, spans and
/// attributes. The reference lists them with their meaning.
/// </summary>
public static class TelemetryNames
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Source = "Orchestrator";

    public const string Pushes = "orchestrator.pushes";
    public const string Samples = "orchestrator.samples";
    public const string Staleness = "orchestrator.push.staleness";
    public const string Gap = "orchestrator.push.gap";
    public const string GradientNorm = "orchestrator.push.gradient_norm";
    public const string Loss = "orchestrator.push.loss";
    public const string Compute = "orchestrator.push.compute";
    public const string Queue = "orchestrator.push.queue";
    public const string Wire = "orchestrator.push.wire";
    public const string Version = "orchestrator.version";
    public const string Epoch = "orchestrator.epoch";
    public const string LearningRate = "orchestrator.learning_rate";
    public const string Workers = "orchestrator.workers";
    public const string Hosts = "orchestrator.hosts";
    public const string Throughput = "orchestrator.throughput";
    public const string TransportBytes = "orchestrator.transport.io";
    public const string EvaluationAccuracy = "orchestrator.evaluation.accuracy";
    public const string EvaluationLoss = "orchestrator.evaluation.loss";
    public const string TrainAccuracy = "orchestrator.evaluation.train.accuracy";
    public const string TrainLoss = "orchestrator.evaluation.train.loss";
    public const string ValidationAccuracy = "orchestrator.evaluation.validation.accuracy";
    public const string ValidationLoss = "orchestrator.evaluation.validation.loss";
    public const string Dropped = "orchestrator.telemetry.dropped";
    public const string SweepCells = "orchestrator.sweep.cells";

    public const string RunSpan = "run";
    public const string PullSpan = "pull";
    public const string ComputeSpan = "compute";
    public const string PushSpan = "push";
    public const string QueueSpan = "queue";
    public const string ApplySpan = "apply";

    public const string RunAttribute = "orchestrator.run.id";
    public const string NameAttribute = "orchestrator.run.name";
    public const string SeedAttribute = "orchestrator.run.seed";
    public const string SweepAttribute = "orchestrator.sweep.id";
    public const string CellAttribute = "orchestrator.sweep.cell";
    public const string KeyAttribute = "orchestrator.sweep.run";
    public const string StateAttribute = "orchestrator.sweep.state";
    public const string OptimizerAttribute = "orchestrator.optimizer";
    public const string ConsistencyAttribute = "orchestrator.consistency";
    public const string TransportAttribute = "orchestrator.transport";
    public const string ClockAttribute = "orchestrator.clock";
    public const string WorkerAttribute = "orchestrator.worker";
    public const string HostAttribute = "orchestrator.host";
    public const string DecisionAttribute = "orchestrator.decision";
    public const string DirectionAttribute = "orchestrator.direction";
    public const string GradientAttribute = "orchestrator.gradient";
    public const string BatchAttribute = "orchestrator.batch";
    public const string SamplesAttribute = "orchestrator.samples";
    public const string VersionPulledAttribute = "orchestrator.version.pulled";
    public const string VersionAttribute = "orchestrator.version.arrived";
    public const string StalenessAttribute = "orchestrator.staleness";
    public const string GapAttribute = "orchestrator.gap";
    public const string LossAttribute = "orchestrator.loss";
    public const string GradientNormAttribute = "orchestrator.gradient_norm";
    public const string UpdateNormAttribute = "orchestrator.update_norm";
    public const string LearningRateAttribute = "orchestrator.learning_rate";
    public const string VirtualPulledAttribute = "orchestrator.virtual_time.pulled";
    public const string VirtualArrivedAttribute = "orchestrator.virtual_time.arrived";
}
