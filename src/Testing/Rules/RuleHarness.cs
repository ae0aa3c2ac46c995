using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Testing;

/// <summary>
/// A parameter server as the papers write it, in one loop and apart from the engine: workers
/// compute on what they were sent, one push arrives, is corrected and applied, and its worker is
/// sent parameters at once. What rules are judged against, and with.
/// </summary>
public sealed class RuleHarness : IDisposable
{
    private readonly RuleSetup setup;
    private readonly RuleState[] states;
    private readonly ICorrection[] corrections;
    private readonly HarnessWorker[] workers;
    private readonly RandomStreams streams = new(17);
    private readonly float[] parameters;
    private readonly float[] push;
    private readonly float[] lookAhead;
    private readonly int tile;

    /// <summary>Every worker has been sent version 0.</summary>
    /// <param name="setup">The composition of rules.</param>
    public RuleHarness(RuleSetup setup)
    {
        this.setup = setup;
        Problem = new NoisyQuadratic(Math.Max(setup.WholeLength, setup.Length), seed: setup.Seed);
        Optimizer = setup.Optimizer();
        corrections = [.. setup.Corrections.Select(create => create())];
        states = [.. Enumerable.Range(0, corrections.Length + 1).Select(_ => new RuleState(setup.Length, setup.Workers))];
        var layout = new ParameterLayout([new NamedTensor("x", [setup.Length], 0)], []);
        Optimizer.Attach(new RuleContext(layout, setup.Workers, states[0]));
        for (var i = 0; i < corrections.Length; i++)
        {
            corrections[i].Attach(new RuleContext(layout, setup.Workers, states[i + 1]));
        }

        tile = Optimizer.ElementWise && corrections.All(c => c.ElementWise) ? Math.Min(setup.Tile, setup.Length) : setup.Length;
        (push, lookAhead) = (new float[setup.Length], new float[setup.Length]);
        parameters = [.. Enumerable.Repeat(1f, setup.Length)];
        LearningRate = LargestLearningRate = setup.LearningRate(0);
        workers = [.. Enumerable.Range(0, setup.Workers).Select(i => new HarnessWorker(i, setup, Problem))];
        foreach (var worker in workers)
        {
            Send(worker.Number, 0, worker.Sent);
        }
    }

    /// <summary>The problem that gradients are taken of.</summary>
    public NoisyQuadratic Problem { get; }

    /// <summary>The optimizer at work.</summary>
    public IOptimizer Optimizer { get; }

    /// <summary>The server's parameters; 1 at the start.</summary>
    public ReadOnlySpan<float> Parameters => parameters;

    /// <summary>Updates so far.</summary>
    public long Version { get; private set; }

    /// <summary>Learning rate in force.</summary>
    public double LearningRate { get; private set; }

    /// <summary>Largest learning rate in force so far.</summary>
    public double LargestLearningRate { get; private set; }

    /// <summary>What the worker was last sent.</summary>
    public ReadOnlySpan<float> Sent(int worker) => workers[worker].Sent;

    /// <summary>Lets pushes arrive, one by one.</summary>
    public void Run(int updates)
    {
        for (var i = 0; i < updates; i++)
        {
            var worker = setup.Arrivals?.Invoke(Version) ?? streams.Open("arrivals", Version).Next(setup.Workers);
            workers[worker].Compute(LearningRate, push);
            Deliver(worker, push);
        }
    }

    /// <summary>
    /// Lets a worker's push arrive: corrects it in place, applies it, answers the worker. Allocates
    /// nothing of its own.
    /// </summary>
    public void Deliver(int number, Span<float> arriving)
    {
        var worker = workers[number];
        var staleness = Version - worker.VersionPulled;
        var update = new Update(Version, setup.Named(number), setup.Workers, staleness, 1, LearningRate, LargestLearningRate, 0);
        for (var offset = 0; offset < arriving.Length; offset += tile)
        {
            var count = Math.Min(tile, arriving.Length - offset);
            Correct(worker, offset, arriving.Slice(offset, count));
            Apply(update with { Offset = offset }, arriving.Slice(offset, count));
        }

        Version++;
        LearningRate = setup.LearningRate(Version);
        LargestLearningRate = Math.Max(LargestLearningRate, LearningRate);
        worker.VersionPulled = Version;
        Send(number, staleness, worker.Sent);
    }

    /// <summary>What the optimizer would send a worker now.</summary>
    public void Send(int worker, long lastStaleness, Span<float> sent)
    {
        for (var offset = 0; offset < sent.Length; offset += tile)
        {
            SendTile(worker, lastStaleness, offset, sent.Slice(offset, Math.Min(tile, sent.Length - offset)));
        }
    }

    /// <summary>The rules' state as it would be saved.</summary>
    public byte[] SaveRules()
    {
        using var stream = new MemoryStream();
        foreach (var state in states)
        {
            state.Save(stream);
        }

        return stream.ToArray();
    }

    /// <summary>Goes on from where another harness of the same setup stands.</summary>
    public void ContinueFrom(RuleHarness other)
    {
        using var stream = new MemoryStream(other.SaveRules());
        foreach (var state in states)
        {
            state.Restore(stream);
        }

        other.parameters.CopyTo(parameters, 0);
        (Version, LearningRate, LargestLearningRate) = (other.Version, other.LearningRate, other.LargestLearningRate);
        for (var i = 0; i < workers.Length; i++)
        {
            workers[i].ContinueFrom(other.workers[i]);
        }
    }

    /// <summary>Frees the state of the rules.</summary>
    public void Dispose()
    {
        foreach (var state in states)
        {
            state.Dispose();
        }
    }

    private void Correct(HarnessWorker worker, int offset, Span<float> gradient)
    {
        for (var i = 0; i < gradient.Length && setup.WeightDecay != 0; i++)
        {
            gradient[i] += (float)setup.WeightDecay * parameters[offset + i];
        }

        var arriving = new Push
        {
            Worker = worker.Number,
            Version = Version,
            VersionPulled = worker.VersionPulled,
            Workers = setup.Workers,
            Samples = 1,
            LearningRate = LearningRate,
            LargestLearningRate = LargestLearningRate,
            Offset = offset,
            Sent = worker.Sent.AsSpan(offset, gradient.Length),
        };
        foreach (var correction in corrections)
        {
            var reference = parameters.AsSpan(offset, gradient.Length);
            if (correction.ComparesLookAhead)
            {
                reference = lookAhead.AsSpan(offset, gradient.Length);
                SendTile(worker.Number, Version - worker.VersionPulled, offset, reference);
            }

            correction.Correct(arriving, reference, gradient);
        }
    }

    private void Apply(in Update update, ReadOnlySpan<float> gradient)
    {
        Optimizer.Apply(update, gradient, parameters.AsSpan(update.Offset, gradient.Length));
        foreach (var correction in corrections)
        {
            correction.Applied(update, Optimizer.Velocity(update, gradient));
        }
    }

    private void SendTile(int worker, long lastStaleness, int offset, Span<float> sent)
    {
        var current = parameters.AsSpan(offset, sent.Length);
        if (Optimizer.SendsParameters)
        {
            current.CopyTo(sent);
        }
        else
        {
            Optimizer.Send(new Pull(worker, Version, setup.Workers, lastStaleness, LearningRate, offset), current, sent);
        }
    }
}
