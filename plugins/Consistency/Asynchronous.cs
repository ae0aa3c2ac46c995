using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Consistency;

/// <summary>
/// Each push is an update of its own, and its worker goes on at once with the result. Dean et al.:
/// Large scale distributed deep networks (Downpour SGD), NeurIPS 2012. With immediate pulls, the
/// sum of staleness over all arrivals and all gradients in flight is exactly (N - 1) x version.
/// State: none.
/// </summary>
[Description("Each push is an update of its own; nobody waits.")]
[Plugin("asynchronous")]
internal sealed class Asynchronous : IConsistency
{
    public bool TakesMean => false;

    public void Attach(int workers, RuleState state) { }

    public void Arrived(in Arrival arrival, Decision decision) => decision.Apply().Release(arrival.Worker);

    public void Left(int worker, Decision decision) { }
}
