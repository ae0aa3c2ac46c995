using System.Numerics;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Engine;

/// <summary>
/// Owns the parameters, their version and the update rule's state. Element-wise rules run over
/// tiles that fit the cache, with the gap and the norms taken in the same pass; tiles change no
/// bit. A version that workers were sent stays as it is: the next one is written beside it, and to
/// send is to share.
/// </summary>
internal sealed partial class ParameterServer : IDisposable
{
    private readonly UpdateRule rule;
    private readonly IObjective objective;
    private readonly ICorrection[] corrections;
    private readonly int workers;
    private readonly int trainCount;
    private readonly int length;
    private readonly int tile;
    private readonly Func<int, NativeVector> createSent;
    private readonly RuleState[] states;
    private readonly NativeVector before;
    private readonly NativeVector lookAhead;
    private readonly NativeVector mean;
    private readonly Stack<ParameterSnapshot> spareSent = [];
    private ParameterSnapshot current;
    private long lastSentNumber;

    // Of the update that made the current version: the vector it came from and the square of its
    // distance from there; not known at first or after a resume.
    private long previousNumber = -1;
    private double lastChange = double.NaN;

    public ParameterServer(Experiment experiment, RandomStreams streams, Func<int, NativeVector> createSent)
    {
        this.createSent = createSent;
        (rule, objective, workers) = (experiment.Update, experiment.Objective, experiment.Workers);
        trainCount = experiment.Shape.TrainCount;
        corrections = [.. rule.Corrections];
        length = objective.Layout.Length;
        current = NewSnapshot();
        objective.Initialize(streams.Open("init"), Vector.Slice(0, length), Vector.Slice(length, objective.Layout.BufferLength));

        states = new RuleState[corrections.Length + 1];
        for (var i = 0; i < states.Length; i++)
        {
            states[i] = new RuleState(length, workers);
        }

        rule.Optimizer.Attach(new RuleContext(objective.Layout, workers, states[0]));
        for (var i = 0; i < corrections.Length; i++)
        {
            corrections[i].Attach(new RuleContext(objective.Layout, workers, states[i + 1]));
        }

        tile = rule.Optimizer.ElementWise && corrections.All(c => c.ElementWise) ? Math.Min(FixedOrder.Piece, length) : length;
        before = new NativeVector(tile);
        mean = new NativeVector(tile);
        lookAhead = new NativeVector(corrections.Any(c => c.ComparesLookAhead) ? tile : 0);
        LearningRate = LargestLearningRate = RateNow();
    }

    /// <summary>Parameters, then buffers.</summary>
    public NativeVector Vector => current.Vector;

    /// <summary>Updates so far.</summary>
    public long Version { get; private set; }

    /// <summary>Samples of applied pushes.</summary>
    public long Samples { get; private set; }

    /// <summary>Samples of applied pushes / training samples.</summary>
    public double Epoch => (double)Samples / trainCount;

    /// <summary>Learning rate in force.</summary>
    public double LearningRate { get; private set; }

    /// <summary>Largest learning rate in force so far.</summary>
    public double LargestLearningRate { get; private set; }

    /// <summary>Pushes held for a later update.</summary>
    public int Held => held.Count;

    /// <summary>What a worker is sent now; one reference is the caller's.</summary>
    public ParameterSnapshot Send(int worker, long lastStaleness)
    {
        if (rule.Optimizer.SendsParameters)
        {
            current.References++;
            return current;
        }

        var sent = NewSnapshot();
        for (var offset = 0; offset < length; offset += tile)
        {
            var count = Math.Min(tile, length - offset);
            rule.Optimizer.Send(
                new Pull(worker, Version, workers, lastStaleness, LearningRate, offset), Vector.Slice(offset, count), sent.Vector.Slice(offset, count));
        }

        Vector.Span[length..].CopyTo(sent.Vector.Span[length..]);
        return sent;
    }

    /// <summary>Gives up one reference to what a worker was sent.</summary>
    public void Drop(ParameterSnapshot sent)
    {
        if (--sent.References == 0)
        {
            spareSent.Push(sent);
        }
    }

    /// <summary>Applies one push as an update of its own.</summary>
    public PushNorms Apply(InFlightPush flight)
    {
        var update = UpdateOf(flight.Worker, Version - flight.Version, flight.Samples);
        var known = KnownGap(flight.Sent);

        // A push that nothing changes on its way to the rule can be measured afterwards, together
        // with the parameters' change.
        var late = known is not null && corrections.Length == 0 && rule.WeightDecay == 0;
        var next = NextVersion(flight.Sent);
        var (gap, gradient, change) = (default(RunningSum), default(RunningSum), default(RunningSum));
        for (var offset = 0; offset < length; offset += tile)
        {
            var count = Math.Min(tile, length - offset);
            var push = flight.Result!.Slice(offset, count);
            if (!late)
            {
                Measure(flight, offset, push, known, ref gap, ref gradient);
            }

            Correct(flight, offset, push);
            var old = Step(update with { Offset = offset }, push, next);
            ReadOnlySpan<float> parameters = next.Vector.Slice(offset, count);
            if (late)
            {
                RunningSum.Add(ref gradient, push, ref change, parameters, old);
            }
            else
            {
                change.AddSquaredDifferences(parameters, old);
            }
        }

        Finish(next, flight.Samples, change.Total);
        MergeBuffers(flight.Result!.Slice(length, objective.Layout.BufferLength));
        return new PushNorms(Math.Sqrt((known ?? gap.Total) / length), Math.Sqrt(gradient.Total), Math.Sqrt(change.Total));
    }

    /// <summary>Measures a push that will not be used.</summary>
    public PushNorms Discard(InFlightPush flight)
    {
        var (known, gap, gradient) = (KnownGap(flight.Sent), default(RunningSum), default(RunningSum));
        for (var offset = 0; offset < length; offset += tile)
        {
            Measure(flight, offset, flight.Result!.Slice(offset, Math.Min(tile, length - offset)), known, ref gap, ref gradient);
        }

        return new PushNorms(Math.Sqrt((known ?? gap.Total) / length), Math.Sqrt(gradient.Total), double.NaN);
    }

    public void Dispose()
    {
        foreach (var state in states)
        {
            state.Dispose();
        }

        foreach (var push in held.Concat(spare))
        {
            push.Vector.Dispose();
        }

        foreach (var vector in (NativeVector[])[before, mean, lookAhead])
        {
            vector.Dispose();
        }
    }

    // The square of the distance between the parameters and what a worker was sent, where it need
    // not be summed. Of what was sent just before the last update it is that update's own change:
    // the same differences, added in the same order. Of what is sent now it is 0, unless something
    // is not finite, which then shows in the change.
    private double? KnownGap(ParameterSnapshot sent) => sent.Number == previousNumber ? lastChange : sent == current && double.IsFinite(lastChange) ? 0 : null;

    private void Measure(InFlightPush flight, int offset, ReadOnlySpan<float> push, double? knownGap, ref RunningSum gap, ref RunningSum gradient)
    {
        if (knownGap is not null)
        {
            gradient.AddSquares(push);
            return;
        }

        RunningSum.Add(ref gradient, push, ref gap, Vector.Slice(offset, push.Length), flight.Sent.Vector.Slice(offset, push.Length));
    }

    private void Correct(InFlightPush flight, int offset, Span<float> push)
    {
        ReadOnlySpan<float> parameters = Vector.Slice(offset, push.Length);
        if (rule.WeightDecay != 0)
        {
            FusedPass.Run(new AddScaled((float)rule.WeightDecay), parameters, push);
        }

        if (corrections.Length == 0)
        {
            return;
        }

        var arriving = new Push
        {
            Worker = flight.Worker,
            Version = Version,
            VersionPulled = flight.Version,
            Workers = workers,
            Samples = flight.Samples,
            LearningRate = LearningRate,
            LargestLearningRate = LargestLearningRate,
            Offset = offset,
            Sent = flight.Sent.Vector.Slice(offset, push.Length),
        };
        foreach (var correction in corrections)
        {
            var reference = parameters;
            if (correction.ComparesLookAhead)
            {
                var ahead = lookAhead.Slice(0, push.Length);
                rule.Optimizer.Send(new Pull(flight.Worker, Version, workers, Version - flight.Version, LearningRate, offset), parameters, ahead);
                reference = ahead;
            }

            correction.Correct(arriving, reference, push);
        }
    }

    // Returns what the parameters were.
    private ReadOnlySpan<float> Step(in Update update, ReadOnlySpan<float> gradient, ParameterSnapshot next)
    {
        var parameters = next.Vector.Slice(update.Offset, gradient.Length);
        var old = Vector.Slice(update.Offset, gradient.Length);
        if (next == current)
        {
            old = before.Slice(0, gradient.Length);
            parameters.CopyTo(old);
        }
        else
        {
            old.CopyTo(parameters);
        }

        rule.Optimizer.Apply(update, gradient, parameters);
        foreach (var correction in corrections)
        {
            correction.Applied(update, rule.Optimizer.Velocity(update, gradient));
        }

        return old;
    }

    private Update UpdateOf(int worker, long staleness, int samples) =>
        new(Version, worker, workers, staleness, samples, LearningRate, LargestLearningRate, 0);

    private void MergeBuffers(ReadOnlySpan<float> pushed)
    {
        if (!pushed.IsEmpty)
        {
            objective.MergeBuffers(Vector.Span[length..], pushed);
        }
    }

    // Where the next version is written: over this one, if nobody was sent it; otherwise over what
    // the push was computed on, if nobody else was sent that, which the caches of the core that
    // pushes still hold.
    private ParameterSnapshot NextVersion(ParameterSnapshot? computedOn)
    {
        if (current.References == 1)
        {
            current.Number = ++lastSentNumber;
            return current;
        }

        if (computedOn is not { References: 1 })
        {
            return NewSnapshot();
        }

        (computedOn.References, computedOn.Number) = (2, ++lastSentNumber);
        return computedOn;
    }

    private void Finish(ParameterSnapshot next, int samples, double change)
    {
        (previousNumber, lastChange) = (-1, change);
        if (next != current)
        {
            previousNumber = current.Number;
            Vector.Span[length..].CopyTo(next.Vector.Span[length..]);
            Drop(current);
            current = next;
        }

        Version++;
        Samples += samples;
        LearningRate = RateNow();
        LargestLearningRate = Math.Max(LargestLearningRate, LearningRate);
    }

    private double RateNow()
    {
        var rate = rule.LearningRate;
        foreach (var schedule in rule.Schedules)
        {
            rate *= schedule.Factor(Epoch, workers);
        }

        return double.IsFinite(rate) ? rate : throw new EngineException($"The schedules give a learning rate of {rate} at epoch {Epoch}.");
    }

    private ParameterSnapshot NewSnapshot()
    {
        var sent = spareSent.TryPop(out var free) ? free : new ParameterSnapshot(createSent(length + objective.Layout.BufferLength));
        (sent.References, sent.Number) = (1, ++lastSentNumber);
        return sent;
    }

    private readonly struct AddScaled(float factor) : IFormula11
    {
        public void Run(Vector<float> a, ref Vector<float> x) => x += factor * a;
    }
}

/// <summary>What is measured of a push.</summary>
/// <param name="GapRms">norm2(parameters - sent) / sqrt(k).</param>
/// <param name="Gradient">L2 norm of the push as it came.</param>
/// <param name="Update">L2 norm of the parameters' change; NaN where it made none.</param>
internal readonly record struct PushNorms(double GapRms, double Gradient, double Update);
