using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;
using static Orchestrator.Analyzers.Records;

namespace Orchestrator.Analyzers;

public sealed record ConvergenceOptions(
    [Description("Test accuracy to which the time is told, percent; nine tenths of the way to the run's best when absent.")][Range(0.0, 100.0)] double? TargetAccuracy = null,
    [Description("A running mean of the training loss (of about 20 pushes) of so many times the loss before the first update has run away.")][Range(1.1, 1e6)] double Divergence = 2,
    [Description("Rise of the test loss above its least value from which a run over-fits, as a share.")][Range(0.01, 1000.0)] double OverFitting = 0.1,
    [Description("Least strength of a step, in standard errors.")][Range(3.0, 100.0)] double StepStrength = 6);

/// <summary>
/// Whether and when a run converges: time to a target, the first divergence and the pushes before
/// it, plateaus, over-fitting, and steps of the training loss (in its logarithm, so that a decay is
/// a line). A loss has run away when its running mean is above a multiple of the loss before the
/// first update; control: the pushes that were computed before any update.
/// </summary>
[Description("Time to target, divergence, plateaus, over-fitting, steps of the loss.")]
[Plugin("convergence")]
internal sealed class Convergence(ConvergenceOptions options) : IAnalyzer
{
    private const double SmallestStep = 0.1;
    private const double PointsOfChance = 1;
    private const int FewestEvaluations = 3;

    public AnalyzerScope Scope => AnalyzerScope.EachRun;

    public IReadOnlyList<Finding> Analyze(IReadOnlyList<IRunRecords> runs, CancellationToken stop)
    {
        var curve = EvaluationCurve.Read(runs[0]);
        var record = new LossRecord(curve.Start, options.Divergence);
        foreach (var (push, place) in Arrivals(runs[0], stop))
        {
            record.Add(in push, place);
        }

        var facts = runs[0].Facts;
        return
        [
            .. Divergence(facts, record), .. NoConvergence(facts, curve), .. CurveFindings.OverFitting(facts, curve, record, options.OverFitting),
            .. Steps(facts, record), .. CurveFindings.TimeToTarget(runs[0], curve, options.TargetAccuracy), .. CurveFindings.Plateau(facts, curve),
        ];
    }

    private IEnumerable<Finding> Divergence(RunFacts facts, LossRecord record)
    {
        if (record.Onset is not { } onset)
        {
            yield break;
        }

        var isLost = !record.Recovered;
        var (before, typical) = record.AtOnset;
        var control = record.Untouched / record.Start;
        var after = record.NotFinite is { } broken ? Text($" and is not finite from version {broken.Push.Version} on") : record.Recovered ? ", and comes back" : "";
        yield return new Finding
        {
            Name = isLost ? "divergence" : "loss-surge",
            Grade = isLost ? FindingGrade.Error : FindingGrade.Hint,
            Number = onset.Push.Version,
            Unit = "updates",
            Sentence = Text($"The training loss runs away at version {onset.Push.Version}{after}; in the {LossRecord.Before} pushes before, staleness was {before.Staleness:G3} (until then {typical.Staleness:G3}), gap {before.Gap:G3} ({typical.Gap:G3}), gradient norm {before.Norm:G3} ({typical.Norm:G3})."),
            Place = new FindingPlace(facts, onset.Place),
            Control = double.IsFinite(control)
                ? new(Text($"Pushes computed before any update have {control:F2} times the loss of the start."), control, control < options.Divergence)
                : new("No push was computed before the first update.", 0, record.NotFinite is not null),
            Details =
            [
                Detail("worst", record.Worst), Detail("start", record.Start), Detail("stalenessBefore", before.Staleness), Detail("stalenessTypical", typical.Staleness),
                Detail("gapBefore", before.Gap), Detail("gapTypical", typical.Gap), Detail("normBefore", before.Norm), Detail("normTypical", typical.Norm),
            ],
        };
    }

    private static IEnumerable<Finding> NoConvergence(RunFacts facts, EvaluationCurve curve)
    {
        var chance = facts.Classes > 1 ? 100.0 / facts.Classes : double.NaN;
        if (curve.Count < FewestEvaluations || !curve.HasAccuracy || curve.Last.Version == 0 || !(curve.Last.TestAccuracy <= chance + PointsOfChance || curve.Last.LargestPredictedShare >= 1))
        {
            yield break;
        }

        var first = curve.First.Version == 0 ? curve.First.TestAccuracy : double.NaN;
        yield return new Finding
        {
            Name = "no-convergence",
            Grade = FindingGrade.Warning,
            Number = curve.Last.TestAccuracy,
            Unit = "%",
            Sentence = Text($"The run ends {(curve.Last.LargestPredictedShare >= 1 ? "with one class for every input, " : "")}at {curve.Last.TestAccuracy:F1} % test accuracy; chance is {chance:F1} %."),
            Place = new FindingPlace(facts, curve.LastPlace),
            Control = double.IsFinite(first)
                ? new(Text($"Before the first update the accuracy was {first:F1} %: what nothing learned looks like."), first, first <= 2 * chance)
                : new("The parameters were not evaluated before the first update.", 0, false),
            Details = [Detail("best", curve.BestAccuracy), Detail("chance", chance)],
        };
    }

    private IEnumerable<Finding> Steps(RunFacts facts, LossRecord record)
    {
        var losses = record.Losses.Means();
        if (record.Onset is not null || !Array.TrueForAll(losses, loss => loss > 0))
        {
            yield break;
        }

        foreach (var step in ChangePoints.Find([.. losses.Select(loss => Math.Log(loss))], options.StepStrength, SmallestStep))
        {
            var times = Math.Exp(Math.Abs(step.Jump));
            yield return new Finding
            {
                Name = "loss-step",
                Grade = FindingGrade.Hint,
                Number = step.Jump > 0 ? times : 1 / times,
                Sentence = Text($"From here on, the training loss is {times:F2} times {(step.Jump > 0 ? "higher" : "lower")} than its trend before, at once ({step.Strength:F0} standard errors)."),
                Place = new FindingPlace(facts, record.Losses.PlaceOf(step.Index)),
                Control = new(Text($"19 series with the same noise and no step reach {step.ControlStrength:F1} standard errors."), step.ControlStrength, step.Holds),
            };
        }
    }
}
