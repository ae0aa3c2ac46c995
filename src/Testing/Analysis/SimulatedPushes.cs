using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Testing;

/// <summary>
/// The pushes of a <see cref="SimulatedRun"/>, made one by one; each makes an update.
/// </summary>
internal sealed class SimulatedPushes : IRecordReader<PushRecord>
{
    private const string File = "updates.csv";

    private readonly SimulationTerms terms;
    private readonly RandomStream random;
    private readonly Work[] underWay;
    private long events;
    private long made;

    public SimulatedPushes(SimulationTerms terms)
    {
        this.terms = terms;
        random = new RandomStreams(terms.Seed).Open("pushes");
        underWay = new Work[terms.Workers];
        for (var worker = 0; worker < terms.Workers; worker++)
        {
            Pull(worker, 0);
        }
    }

    public RecordPlace Place { get; private set; } = new(File, 0);

    public string? Problem => null;

    public bool TryRead(out PushRecord record)
    {
        record = default;
        if (made >= terms.Pushes)
        {
            return false;
        }

        var worker = 0;
        for (var other = 1; other < underWay.Length; other++)
        {
            worker = underWay[other].ArrivesAt < underWay[worker].ArrivesAt ? other : worker;
        }

        var work = underWay[worker];
        var loss = terms.Loss(work.Version) * Math.Max(0.05, 1 + (terms.LossNoise * Normal(random)));
        record = new PushRecord
        {
            Event = ++events,
            PullEvent = work.Pull,
            Worker = worker,
            Gradient = work.Gradient,
            Batch = work.Gradient,
            Samples = 32,
            Decision = PushDecision.Applied,
            VersionPulled = work.Version,
            Version = made,
            PulledAt = work.PulledAt,
            ArrivedAt = work.ArrivesAt,
            GapRms = 0.001 * (1 + made - work.Version),
            GradientNorm = Math.Abs(loss),
            UpdateNorm = 0.01 * Math.Abs(loss),
            Loss = loss,
            LearningRate = 0.01,
            PayloadBytes = 1000,
            ComputeTime = work.ArrivesAt - work.PulledAt,
            Host = 0,
        };
        made++;
        Place = new RecordPlace(File, made + 1);
        underWay[worker].Gradient++;
        Pull(worker, work.ArrivesAt);
        return true;
    }

    public void Dispose()
    {
    }

    // Box and Muller.
    internal static double Normal(RandomStream random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private void Pull(int worker, long now)
    {
        var ms = terms.MeanMs(worker) * terms.Pace(made) * Math.Max(0.05, 1 + (terms.Variation * Normal(random)));
        underWay[worker] = underWay[worker] with { Pull = ++events, Version = made, PulledAt = now, ArrivesAt = now + (long)(ms * 1e6) };
    }

    private record struct Work(long Gradient, long Pull, long Version, long PulledAt, long ArrivesAt);
}
