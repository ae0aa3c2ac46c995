using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Engine;

/// <summary>
/// Draws each push's durations at the server, from streams keyed by worker and push, so that no
/// order of events changes a draw.
/// </summary>
internal sealed class DurationSource
{
    private readonly WorkerDelays delays;
    private readonly Track compute;
    private readonly Track added;
    private readonly Track network;

    public DurationSource(WorkerDelays delays, int workers, RandomStreams streams)
    {
        this.delays = delays;
        compute = new Track("compute", workers, streams, set => set.Compute, delays);
        added = new Track("delay", workers, streams, set => set.Added, delays);
        network = new Track("network", workers, streams, set => set.Network, delays);
    }

    /// <summary>The durations of a worker's push.</summary>
    public Durations Draw(int worker, long gradient, int samples, long bytes)
    {
        var set = delays.Special.Count > 0 && delays.Special.TryGetValue(worker, out var special) ? special : delays.Usual;
        return new Durations(
            compute.Draw(set.Compute, worker, gradient, samples, bytes),
            added.Draw(set.Added, worker, gradient, samples, bytes),
            network.Draw(set.Network, worker, gradient, samples, bytes));
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
        private readonly RandomStream stream = new(default);

        public Track(string name, int workers, RandomStreams streams, Func<DelaySet, IDelay?> of, WorkerDelays delays)
        {
            this.name = name;
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

        public long Draw(IDelay? model, int worker, long gradient, int samples, long bytes)
        {
            if (model is null)
            {
                return 0;
            }

            var (key, trait) = workers[worker];
            stream.Reset(key, gradient);
            var ms = model.Milliseconds(new DelayDraw(worker, gradient, samples, bytes, trait, stream));
            return ms is >= 0 and < 9e12
                ? (long)Math.Round(ms * 1e6)
                : throw new EngineException($"The {name} delay model ({model.GetType().Name}) drew {ms} ms for worker {worker}'s push {gradient}; allowed are 0 to 9e12 ms.");
        }
    }
}
