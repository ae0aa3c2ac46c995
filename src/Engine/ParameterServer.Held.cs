using System.Numerics;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Engine;

/// <content>Pushes that are held until several make one update together.</content>
internal sealed partial class ParameterServer
{
    private readonly List<HeldPush> held = [];
    private readonly Stack<HeldPush> spare = [];

    /// <summary>Corrects a push as it arrives and holds it for a later update.</summary>
    public PushNorms Hold(InFlightPush flight)
    {
        var copy = spare.TryPop(out var free) ? free : new HeldPush(length + objective.Layout.BufferLength);
        (copy.Worker, copy.Gradient, copy.Samples, copy.Staleness) = (flight.Worker, flight.Gradient, flight.Samples, Version - flight.Version);
        var (known, gap, gradient) = (KnownGap(flight.Sent), default(RunningSum), default(RunningSum));
        for (var offset = 0; offset < length; offset += tile)
        {
            var count = Math.Min(tile, length - offset);
            var push = copy.Vector.Slice(offset, count);
            flight.Result!.Slice(offset, count).CopyTo(push);
            Measure(flight, offset, push, known, ref gap, ref gradient);
            Correct(flight, offset, push);
        }

        flight.Result!.Slice(length, objective.Layout.BufferLength).CopyTo(copy.Vector.Span[length..]);
        held.Add(copy);
        return new PushNorms(Math.Sqrt((known ?? gap.Total) / length), Math.Sqrt(gradient.Total), double.NaN);
    }

    /// <summary>Makes one update of all held pushes: their mean, summed in worker order.</summary>
    /// <returns>L2 norm of the parameters' change.</returns>
    public double ApplyHeld()
    {
        // Means are summed in (worker, push) order, whatever the order of arrival.
        held.Sort(static (a, b) => (a.Worker, a.Gradient).CompareTo((b.Worker, b.Gradient)));
        var (samples, staleness) = (0, 0L);
        foreach (var push in held)
        {
            samples = checked(samples + push.Samples);
            staleness = Math.Max(staleness, push.Staleness);
        }

        var update = UpdateOf(held.Count == 1 ? held[0].Worker : -1, staleness, samples);
        var next = NextVersion(null);
        var change = default(RunningSum);
        for (var offset = 0; offset < length; offset += tile)
        {
            var count = Math.Min(tile, length - offset);
            var gradient = mean.Slice(0, count);
            held[0].Vector.Slice(offset, count).CopyTo(gradient);
            for (var i = 1; i < held.Count; i++)
            {
                var divisor = i == held.Count - 1 ? held.Count : 1;
                FusedPass.Run(new AddThenDivide(divisor), held[i].Vector.Slice(offset, count), gradient);
            }

            var old = Step(update with { Offset = offset }, gradient, next);
            change.AddSquaredDifferences(next.Vector.Slice(offset, count), old);
        }

        Finish(next, samples, change.Total);
        foreach (var push in held)
        {
            MergeBuffers(push.Vector.Span[length..]);
            spare.Push(push);
        }

        held.Clear();
        return Math.Sqrt(change.Total);
    }

    private readonly struct AddThenDivide(float divisor) : IFormula11
    {
        public void Run(Vector<float> a, ref Vector<float> x) => x = (x + a) / divisor;
    }

    private sealed class HeldPush(int length)
    {
        public readonly NativeVector Vector = new(length);
        public int Worker;
        public long Gradient;
        public int Samples;
        public long Staleness;
    }
}
