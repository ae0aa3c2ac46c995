namespace Orchestrator.Engine;

/// <summary>What the server must know of the worker rule.</summary>
/// <param name="Batches">Gradients per push.</param>
/// <param name="StateLength">Floats of state per worker.</param>
/// <param name="PayloadBytes">Bytes of one push in the rule's encoding.</param>
/// <param name="WireBytes">Bytes of the work and the push together, for the network delay. A rule's
/// state is left out: that it travels is this program's way to keep hosts stateless, not the
/// published rule's.</param>
internal sealed record WorkerRuleShape(int Batches, int StateLength, long PayloadBytes, long WireBytes)
{
    public static WorkerRuleShape Of(Experiment experiment)
    {
        var (length, buffers) = (experiment.Objective.Layout.Length, experiment.Objective.Layout.BufferLength);
        var rule = experiment.WorkerRule?.Invoke();
        var (state, payload) = (rule?.StateLength(length) ?? 0, rule?.PayloadBytes(length) ?? 4L * length);
        return new WorkerRuleShape(rule?.Batches ?? 1, state, payload, (4L * (length + (2L * buffers))) + payload);
    }
}
