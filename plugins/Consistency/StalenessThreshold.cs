using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Consistency;

public sealed record StalenessThresholdOptions(
    [Description("R: pushes of staleness R or more are dropped.")][Range(1, int.MaxValue)] int Threshold);

/// <summary>
/// Asynchronous, but a push with staleness tau &gt;= R is dropped; its worker restarts from the
/// present parameters either way. Maranjyan, Tyurin, Richtárik: Ringmaster ASGD, arXiv 2501.16168,
/// 2025, algorithm without calculation stops. No deviation; R above any staleness is asynchronous.
/// State: none.
/// </summary>
[Description("Asynchronous, but pushes of staleness R or more are dropped (Ringmaster ASGD).")]
[Plugin("staleness-threshold")]
internal sealed class StalenessThreshold(StalenessThresholdOptions options) : IConsistency
{
    public bool TakesMean => false;

    public long LargestStaleness => options.Threshold - 1;

    public void Attach(int workers, RuleState state) { }

    public void Arrived(in Arrival arrival, Decision decision)
        => (arrival.Staleness > LargestStaleness ? decision.Drop() : decision.Apply()).Release(arrival.Worker);

    public void Left(int worker, Decision decision) { }
}
