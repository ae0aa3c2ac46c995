using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Testing;

/// <summary>
/// A worker of <see cref="RuleHarness"/>. Its rule is made anew for every push, as it may run on
/// another core each time.
/// </summary>
internal sealed class HarnessWorker(int number, RuleSetup setup, NoisyQuadratic problem) : IGradients
{
    private readonly RandomStreams streams = new(29);
    private readonly float[] whole = new float[problem.Length];
    private readonly float[] at = new float[problem.Length];
    private readonly float[] state = new float[setup.WorkerRule?.Invoke().StateLength(setup.Length) ?? 0];
    private long batches;
    private long pushes;

    public int Number => number;

    public float[] Sent { get; } = new float[setup.Length];

    public long VersionPulled { get; set; }

    public void Compute(double learningRate, Span<float> push)
    {
        if (setup.WorkerRule?.Invoke() is not { } rule)
        {
            Next(Sent, push);
            return;
        }

        rule.Run(
            new WorkerRuleWork
            {
                Worker = number,
                Gradient = pushes,
                LearningRate = learningRate,
                Sent = Sent,
                State = state,
                Scratch = new float[rule.ScratchVectors * setup.Length],
                Random = streams.Open("rule", number, pushes++),
            },
            this,
            push);
    }

    public void Next(ReadOnlySpan<float> parameters, Span<float> gradient)
    {
        parameters.CopyTo(at.AsSpan(setup.FirstElement));
        problem.Gradient(number, batches++, at, whole);
        whole.AsSpan(setup.FirstElement, setup.Length).CopyTo(gradient);
    }

    public void ContinueFrom(HarnessWorker other)
    {
        other.Sent.CopyTo(Sent, 0);
        other.state.CopyTo(state, 0);
        (VersionPulled, batches, pushes) = (other.VersionPulled, other.batches, other.pushes);
    }
}
