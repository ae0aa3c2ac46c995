using Orchestrator.Abstractions;

namespace Orchestrator.Analyzers;

/// <summary>What is kept of a run's training loss while its pushes pass by.</summary>
/// <param name="start">Loss before the first update; NaN where it was not evaluated.</param>
/// <param name="factor">From how many times that on a loss has run away.</param>
internal sealed class LossRecord(double start, double factor)
{
    /// <summary>Pushes before an onset that are looked at.</summary>
    public const int Before = 10;

    // Of the running mean: about so many pushes.
    private const double Memory = 20;

    private readonly Symptoms[] last = new Symptoms[Before];
    private Moments untouched;
    // One noisy push is no mean: where the start is known it stands for the pushes before the first.
    private double running = double.IsFinite(start) ? start : double.NaN;
    private long seen;

    /// <summary>
    /// Mean loss of the pushes that were computed before any update: the control.
    /// </summary>
    public double Untouched => untouched.Count > 0 ? untouched.Mean : double.NaN;

    /// <summary>What the loss was at the start; NaN where nobody knows.</summary>
    public double Start => double.IsFinite(start) ? start : Untouched;

    /// <summary>Training loss.</summary>
    public BucketedSeries Losses { get; } = new();

    /// <summary>Clock times of the same pushes, ns.</summary>
    public BucketedSeries Times { get; } = new();

    /// <summary>The first push whose loss, gradient or update is not finite.</summary>
    public (PushRecord Push, RecordPlace Place)? NotFinite { get; private set; }

    /// <summary>The first push at which the running mean of the loss has run away.</summary>
    public (PushRecord Push, RecordPlace Place)? Onset { get; private set; }

    /// <summary>
    /// Whether the running mean was below the start again afterwards, to the end.
    /// </summary>
    public bool Recovered { get; private set; }

    /// <summary>Largest running mean over the start.</summary>
    public double Worst { get; private set; }

    /// <summary>Of the pushes right before the onset, and of all earlier ones.</summary>
    public (Symptoms Before, Symptoms Typical) AtOnset { get; private set; }

    private Moments Staleness;
    private Moments Gap;
    private Moments Norm;

    public void Add(in PushRecord push, RecordPlace place)
    {
        if (!double.IsFinite(push.Loss) || !double.IsFinite(push.GradientNorm) || double.IsInfinity(push.UpdateNorm))
        {
            if (NotFinite is null)
            {
                NotFinite = (push, place);
                Onset ??= Begin(in push, place);
            }

            Recovered = false;
            return;
        }

        if (push.VersionPulled == 0)
        {
            untouched.Add(push.Loss);
        }

        running = double.IsNaN(running) ? push.Loss : running + ((push.Loss - running) / (double.IsFinite(start) ? Memory : Math.Min(Memory, seen + 1)));
        Losses.Add(push.Loss, place);
        Times.Add(push.ArrivedAt, place);
        var times = Start > 0 ? running / Start : 0;
        Worst = Math.Max(Worst, times);
        if (Onset is null && times > factor && push.VersionPulled > 0)
        {
            Onset = Begin(in push, place);
        }

        Recovered = Onset is not null && NotFinite is null && times < 1;
        last[seen % Before] = new(push.Staleness, push.GapRms, push.GradientNorm);
        seen++;
        if (Onset is null)
        {
            Staleness.Add(push.Staleness);
            Gap.Add(push.GapRms);
            Norm.Add(push.GradientNorm);
        }
    }

    private (PushRecord Push, RecordPlace Place) Begin(in PushRecord push, RecordPlace place)
    {
        var count = (int)Math.Min(seen, Before);
        var recent = last.AsSpan(0, count).ToArray();
        var before = count == 0
            ? new Symptoms(double.NaN, double.NaN, double.NaN)
            : new Symptoms(recent.Average(s => s.Staleness), recent.Average(s => s.Gap), recent.Average(s => s.Norm));
        AtOnset = (before, new(Staleness.Mean, Gap.Mean, Norm.Mean));
        return (push, place);
    }
}

/// <summary>What pushes are like.</summary>
/// <param name="Staleness">Updates.</param>
/// <param name="Gap">gap.rms.</param>
/// <param name="Norm">L2 norm of the gradient.</param>
internal readonly record struct Symptoms(double Staleness, double Gap, double Norm);
