using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Engine;

/// <summary>
/// Draws each push's durations at the server, from streams keyed by worker and push, so that no
/// order of events changes a draw.
/// </summary>
internal sealed class DurationSource
{
    private const double NanosecondsPerMs = 1e6;

    private readonly RandomStream stream = new(default);
    private readonly WorkerDelays delays;
    private readonly Track compute;
    private readonly Track added;
    private readonly Track network;

    public DurationSource(WorkerDelays delays, int workers, RandomStreams streams)
    {
        this.delays = delays;
        compute = new Track("compute", workers, streams, set => set.Compute, delays, stream);
        added = new Track("delay", workers, streams, set => set.Added, delays, stream);
        network = new Track("network", workers, streams, set => set.Network, delays, stream);
    }

    /// <summary>The durations of a worker's push.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="gradient">Number of its push.</param>
    /// <param name="samples">Samples of the push.</param>
    /// <param name="bytes">Bytes on the wire.</param>
    /// <param name="now">The time of its pull, ns.</param>
    public Durations Draw(int worker, long gradient, int samples, long bytes, long now)
    {
        var set = delays.Special.Count > 0 && delays.Special.TryGetValue(worker, out var special) ? special : delays.Usual;
        var draw = new DelayDraw(worker, gradient, samples, bytes, 0, stream) { TimeMs = now / NanosecondsPerMs };
        var work = compute.Draw(set.Compute, draw);
        draw = draw with { ComputeMs = work / NanosecondsPerMs };
        return new Durations(work, added.Draw(set.Added, draw), network.Draw(set.Network, draw));
    }

    /// <summary>Fetches the cache lines that a worker's draw needs.</summary>
    public void Prefetch(int worker)
    {
        compute.Prefetch(worker);
        added.Prefetch(worker);
        network.Prefetch(worker);
    }

    // One kind of duration: its stream keys and traits, one per worker that has a model.
    private sealed class Track
    {
        private readonly string name;
        private readonly (StreamKey Key, double Trait)[] workers = [];
        private readonly RandomStream stream;

        public Track(string name, int workers, RandomStreams streams, Func<DelaySet, IDelay?> of, WorkerDelays delays, RandomStream stream)
        {
            (this.name, this.stream) = (name, stream);
            if (of(delays.Usual) is null && delays.Special.Values.All(set => of(set) is null))
            {
                return;
            }

            this.workers = new (StreamKey, double)[workers];
            var traitKey = streams.Key(name + "-trait");
            for (var worker = 0; worker < workers; worker++)
            {
                stream.Reset(traitKey, worker);
                this.workers[worker] = (streams.Key(name, worker), of(delays.Special.GetValueOrDefault(worker, delays.Usual))?.Trait(worker, stream) ?? 0);
            }
        }

        public void Prefetch(int worker)
        {
            if (workers.Length > 0)
            {
                CacheLines.Fetch(ref workers[worker]);
            }
        }

        public long Draw(IDelay? model, in DelayDraw draw)
        {
            if (model is null)
            {
                return 0;
            }

            var (key, trait) = workers[draw.Worker];
            stream.Reset(key, draw.Gradient);
            var ms = model.Milliseconds(draw with { Trait = trait });
            return ms is >= 0 and < 9e12
                ? (long)Math.Round(ms * NanosecondsPerMs)
                : throw new EngineException($"The {name} delay model ({model.GetType().Name}) drew {ms} ms for worker {draw.Worker}'s push {draw.Gradient}; allowed are 0 to 9e12 ms.");
        }
    }
}
