using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Testing;

/// <summary>Runs one worker's rule push by push, on points that wander.</summary>
internal sealed class WorkerRuleBench(IWorkerRule rule, int length) : IGradients
{
    private readonly float[] state = new float[rule.StateLength(length)];
    private readonly float[] sent = new float[length];
    private readonly float[] push = new float[length];
    private readonly float[] scratch = new float[rule.ScratchVectors * length];
    private readonly StreamKey key = new RandomStreams(5).Key("rule");
    private readonly RandomStream random = new(default);
    private readonly RandomStream noise = new(default);
    private long current;

    public IWorkerRule Rule { get; set; } = rule;

    /// <summary>What scratch and push hold before each run.</summary>
    public float Garbage { get; init; }

    public int GradientsTaken { get; private set; }

    public float[] Pushed => push;

    public float[] State => state;

    /// <summary>Sum of the gradients since the last push began.</summary>
    public double[] Gradients { get; } = new double[length];

    public void Push(long number)
    {
        current = number;
        GradientsTaken = 0;
        random.Reset(key, number);
        for (var i = 0; i < sent.Length; i++)
        {
            sent[i] = 1 + (0.1f * ((number + i) % 7));
        }

        push.AsSpan().Fill(Garbage);
        scratch.AsSpan().Fill(Garbage);
        Gradients.AsSpan().Clear();
        Rule.Run(
            new WorkerRuleWork { Worker = 0, Gradient = number, LearningRate = 0.02, Sent = sent, State = state, Scratch = scratch, Random = random },
            this,
            push);
    }

    public void Rewind(ReadOnlySpan<float> earlier) => earlier.CopyTo(state);

    public void Next(ReadOnlySpan<float> parameters, Span<float> gradient)
    {
        noise.Reset(key, (1L << 40) + (current * Rule.Batches) + GradientsTaken++);
        for (var i = 0; i < gradient.Length; i++)
        {
            gradient[i] = parameters[i] * (noise.NextSingle() - 0.5f);
            Gradients[i] += gradient[i];
        }
    }
}
