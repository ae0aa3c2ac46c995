using Orchestrator.Abstractions;
using static Orchestrator.Analyzers.Records;

namespace Orchestrator.Analyzers;

/// <summary>What a run's evaluations show.</summary>
internal static class CurveFindings
{
    private const int FewestEvaluations = 6;
    private const double WayToBest = 0.9;

    // Percentage points of accuracy; a run that gains less has reached nothing.
    private const double LeastGain = 2;

    // A loss that falls by less than this share has not improved.
    private const double Improvement = 0.01;

    // Training loss that rises by less than this share has not risen.
    private const double NoRise = 0.02;
    private const double TimesNoise = 4;

    public static IEnumerable<Finding> TimeToTarget(IRunRecords run, EvaluationCurve curve, double? targetAccuracy)
    {
        if (curve.Count < 3 || (targetAccuracy is not null && !curve.HasAccuracy))
        {
            return [];
        }

        var best = curve.HasAccuracy ? curve.BestAccuracy : curve.BestLoss;
        var first = curve.HasAccuracy ? curve.First.TestAccuracy : curve.First.TestLoss;
        var target = targetAccuracy ?? first + (WayToBest * (best - first));

        // What is asked for may be where the run began.
        var isGain = targetAccuracy is not null || (curve.HasAccuracy ? best - first >= LeastGain : best < first * (1 - Improvement));
        return double.IsFinite(target) && isGain ? Reached(run, curve.HasAccuracy, target) : [];
    }

    public static IEnumerable<Finding> OverFitting(RunFacts facts, EvaluationCurve curve, LossRecord record, double rise)
    {
        var losses = curve.Losses();
        if (losses.Length < FewestEvaluations || record.Onset is not null || !Array.TrueForAll(losses, double.IsFinite))
        {
            yield break;
        }

        var least = Array.IndexOf(losses, losses.Min());
        var end = losses[^2..].Average();
        var risen = (end / losses[least]) - 1;
        if (losses[least] <= 0 || risen < rise || losses.Length - least < 3 || end - losses[least] < TimesNoise * Noise(losses))
        {
            yield break;
        }

        var training = (Training(record, curve.Times()[^1]) / Training(record, curve.Times()[least])) - 1;
        yield return new Finding
        {
            Name = "over-fitting",
            Grade = FindingGrade.Hint,
            Number = risen,
            Sentence = Text($"The test loss ends {100 * risen:F0} % above its least value."),
            Place = new FindingPlace(facts, curve.PlaceOf(least)),
            Control = double.IsFinite(training)
                ? new(Text($"Meanwhile the training loss changes by {100 * training:F0} %; where it rises too, the run is unstable instead."), training, training < NoRise)
                : new("The training loss of that time is not known.", 0, false),
        };
    }

    public static IEnumerable<Finding> Plateau(RunFacts facts, EvaluationCurve curve)
    {
        var losses = curve.Losses();
        if (losses.Length < FewestEvaluations || !Array.TrueForAll(losses, loss => double.IsFinite(loss) && loss > 0))
        {
            yield break;
        }

        var (best, since) = (losses[0], 0);
        for (var i = 1; i < losses.Length; i++)
        {
            (best, since) = losses[i] < best * (1 - Improvement) ? (losses[i], i) : (best, since);
        }

        var share = (double)(losses.Length - 1 - since) / (losses.Length - 1);
        if (share < 1.0 / 3)
        {
            yield break;
        }

        var before = 1 - (best / losses[0]);
        yield return new Finding
        {
            Name = "plateau",
            Grade = FindingGrade.Measured,
            Number = share,
            Sentence = Text($"In the last {100 * share:F0} % of the evaluations the test loss did not improve by 1 %."),
            Place = new FindingPlace(facts, curve.PlaceOf(since)),
            Control = new(Text($"Before, it improved by {100 * before:F0} %."), before, before >= Improvement),
        };
    }

    private static IEnumerable<Finding> Reached(IRunRecords run, bool hasAccuracy, double target)
    {
        using var evaluations = run.OpenEvaluations();
        (EvaluationRecord Record, RecordPlace Place)? reached = null;
        var (later, there) = (0L, 0L);
        while (evaluations.TryRead(out var evaluation))
        {
            var isThere = hasAccuracy ? evaluation.TestAccuracy >= target : evaluation.TestLoss <= target;
            if (reached is not null)
            {
                (later, there) = (later + 1, there + (isThere ? 1 : 0));
            }
            else if (isThere)
            {
                reached = (evaluation, evaluations.Place);
            }
        }

        if (reached is not { } at)
        {
            yield break;
        }

        var share = later == 0 ? 0 : (double)there / later;
        var unit = hasAccuracy ? " % test accuracy" : " test loss";
        yield return new Finding
        {
            Name = "time-to-target",
            Grade = FindingGrade.Measured,
            Number = at.Record.At / 1e9,
            Unit = "s",
            Sentence = Text($"{target:G4}{unit} is reached after {at.Record.At / 1e9:G4} s, {at.Record.Epoch:F2} epochs, {at.Record.Version} updates."),
            Place = new FindingPlace(run.Facts, at.Place),
            Control = new(
                later == 0 ? "No later evaluation tells whether it stays there." : Text($"{100 * share:F0} % of the later evaluations are there too."), share, share >= 0.5),
            Details = [Detail("target", target), Detail("epoch", at.Record.Epoch), Detail("version", at.Record.Version)],
        };
    }

    // Mean training loss around a time.
    private static double Training(LossRecord record, double time)
    {
        var (losses, times) = (record.Losses.Means(), record.Times.Means());
        var at = Array.FindLastIndex(times, t => t <= time);
        var side = Math.Max(1, losses.Length / 40);
        return at < 0 ? double.NaN : losses[Math.Max(0, at - side)..Math.Min(losses.Length, at + side + 1)].Average();
    }

    private static double Noise(double[] y)
    {
        double[] differences = [.. y.Skip(1).Zip(y, (next, value) => Math.Abs(next - value)).Order()];
        return differences[differences.Length / 2] / Math.Sqrt(2);
    }
}
