using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;
using static Orchestrator.Analyzers.Records;

namespace Orchestrator.Analyzers;

public sealed record StalenessOptions(
    [Description("A worker is told of when the mean staleness of its pushes is at least so many times that of the middle worker, or the inverse.")][Range(1.05, 1000.0)] double Ratio = 2,
    [Description("A mean that is farther from the model N - 1 than this share of it is told of.")][Range(0.001, 10.0)] double Deviation = 0.1,
    [Description("Least strength of a step, in standard errors.")][Range(3.0, 100.0)] double StepStrength = 6);

/// <summary>
/// Distribution and evolution of staleness, per worker, against the model. With N workers and the
/// asynchronous consistency model each push makes an update, and every other worker makes on
/// average one between a pull and its arrival: the mean is N - 1, however the durations are
/// distributed. A gamma distribution is fitted by moments (shape mean²/variance, scale
/// variance/mean), and its largest distance from the recorded distribution function told. Steps are
/// looked for in log(1 + staleness).
/// </summary>
[Description("Distribution of staleness, over time and workers, against the model.")]
[Plugin("staleness")]
internal sealed class Staleness(StalenessOptions options) : IAnalyzer
{
    private const int FewestPushes = 20;
    private const double StandardErrors = 6;

    // Of log(1 + staleness): whole numbers wander by a little.
    private const double SmallestStep = 0.2;

    public AnalyzerScope Scope => AnalyzerScope.EachRun;

    public IReadOnlyList<Finding> Analyze(IReadOnlyList<IRunRecords> runs, CancellationToken stop)
    {
        var seen = new StalenessRecord(runs[0].Facts.Workers, new RandomStreams(1).Open("staleness-control"));
        foreach (var (push, place) in Arrivals(runs[0], stop))
        {
            seen.Add(in push, place);
        }

        return seen.All.Count < FewestPushes
            ? []
            : [.. Model(runs[0].Facts, seen), .. Workers(runs[0].Facts, seen), .. Steps(runs[0].Facts, seen), Distribution(runs[0].Facts, seen)];
    }

    private static Finding Distribution(RunFacts facts, StalenessRecord seen)
    {
        var gamma = GammaFit.Of(seen.All, seen.Counts);
        var (even, odd) = (seen.Halves[0], seen.Halves[1]);

        // Neighbours are correlated, which makes the error of a mean larger than that of a draw.
        var error = Math.Sqrt(((even.Variance / even.Count) + (odd.Variance / odd.Count)) * Math.Max(1, (1 + seen.Autocorrelation) / Math.Max(0.02, 1 - seen.Autocorrelation)));
        return new Finding
        {
            Name = "staleness-distribution",
            Grade = FindingGrade.Measured,
            Number = seen.All.Mean,
            Unit = "updates",
            Sentence = Text($"Staleness is {seen.All.Mean:F2} updates on average, {seen.Quantile(0.5)} in the middle, {seen.Quantile(0.99)} at the 99th percentile, {seen.Largest} at most; {gamma.Sentence}."),
            Place = new FindingPlace(facts, seen.LargestPlace),
            Control = new(
                Text($"Half of the pushes, drawn at random, against the rest: the means differ by {Math.Abs(even.Mean - odd.Mean):G3} updates."),
                Math.Abs(even.Mean - odd.Mean), Math.Abs(even.Mean - odd.Mean) <= StandardErrors * error),
            Details =
            [
                Detail("p50", seen.Quantile(0.5)), Detail("p99", seen.Quantile(0.99)), Detail("max", seen.Largest), Detail("variance", seen.All.Variance),
                Detail("autocorrelation", seen.Autocorrelation), Detail("gammaShape", gamma.Shape), Detail("gammaScale", gamma.Scale), Detail("gammaDistance", gamma.Distance),
                .. seen.Evolution().Select((mean, tenth) => Detail(Text($"tenth{tenth + 1}"), mean)),
            ],
        };
    }

    private IEnumerable<Finding> Model(RunFacts facts, StalenessRecord seen)
    {
        // Beside a push that arrives each other worker's one is under way; with overlapped pulls one of its own too.
        var present = facts.Workers - AbsentOf(facts).Count;
        var expected = OverlapsPulls(facts) ? present : present - 1;
        if (PluginOf(facts, "consistency") != "asynchronous" || expected == 0 || seen.Later.Count < 10 * facts.Workers)
        {
            yield break;
        }

        var deviation = (seen.Later.Mean - expected) / expected;
        if (Math.Abs(deviation) < options.Deviation)
        {
            yield break;
        }

        var control = Math.Abs(seen.Halves[0].Mean - seen.Halves[1].Mean) / expected;
        yield return new Finding
        {
            Name = "staleness-off-model",
            Grade = FindingGrade.Hint,
            Number = deviation,
            Sentence = Text($"Mean staleness is {seen.Later.Mean:F2} where {present} asynchronous workers should have {expected}: {100 * deviation:F0} % off. Workers that left, or more pulls than arrivals, would show so."),
            Place = new FindingPlace(facts, seen.LargestPlace),
            Control = new(Text($"Half of the pushes, drawn at random, differs from the rest by {100 * control:F1} % of the model."), control, control < options.Deviation),
        };
    }

    private IEnumerable<Finding> Workers(RunFacts facts, StalenessRecord seen)
    {
        if (Known(seen.Workers) is not { Length: > 1 } known)
        {
            yield break;
        }

        var (middle, dealt) = (known[(known.Length - 1) / 2], Known(seen.Dealt));
        var control = dealt.Select(moments => Ratio(moments, dealt[(dealt.Length - 1) / 2])).DefaultIfEmpty(1).Max();
        for (var worker = 0; worker < facts.Workers; worker++)
        {
            if (seen.Workers[worker].Count >= FewestPushes && Ratio(seen.Workers[worker], middle) is var ratio && ratio >= options.Ratio)
            {
                var isMore = seen.Workers[worker].Mean > middle.Mean;
                yield return new Finding
                {
                    Name = "stale-worker",
                    Subject = Text($"worker {worker}"),
                    Grade = FindingGrade.Hint,
                    Number = ratio,
                    Sentence = Text($"Pushes of worker {worker} are {ratio:F1} times {(isMore ? "as stale" : "fresher than")}{(isMore ? " as" : "")} those of the middle worker ({seen.Workers[worker].Mean:F2} against {middle.Mean:F2} updates)."),
                    Place = new FindingPlace(facts, seen.FirstOf[worker]),
                    Control = new(Text($"The same pushes dealt to the workers at random: {control:F2} times at most."), control, control < options.Ratio),
                };
            }
        }
    }

    private IEnumerable<Finding> Steps(RunFacts facts, StalenessRecord seen)
    {
        foreach (var step in ChangePoints.Find(seen.Series.Means(), options.StepStrength, SmallestStep))
        {
            var times = Math.Exp(Math.Abs(step.Jump));
            yield return new Finding
            {
                Name = "staleness-step",
                Grade = FindingGrade.Hint,
                Number = step.Jump > 0 ? times : 1 / times,
                Sentence = Text($"From here on, staleness is {times:F2} times {(step.Jump > 0 ? "higher" : "lower")} than before, at once ({step.Strength:F0} standard errors)."),
                Place = new FindingPlace(facts, seen.Series.PlaceOf(step.Index)),
                Control = new(
                    Text($"19 series with the same noise and no step reach {step.ControlStrength:F1} standard errors."), step.ControlStrength, step.Holds),
            };
        }
    }

    private static Moments[] Known(Moments[] workers) => [.. workers.Where(moments => moments.Count >= FewestPushes).OrderBy(moments => moments.Mean)];

    // 1 + staleness, so that fresh pushes can be compared; 1 where it may be chance.
    private static double Ratio(Moments worker, Moments middle)
    {
        var error = Math.Sqrt((worker.StandardError * worker.StandardError) + (middle.StandardError * middle.StandardError));
        return Math.Abs(worker.Mean - middle.Mean) > StandardErrors * error
            ? (1 + Math.Max(worker.Mean, middle.Mean)) / (1 + Math.Min(worker.Mean, middle.Mean))
            : 1;
    }
}
