using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;
using static Orchestrator.Analyzers.Records;

namespace Orchestrator.Analyzers;

public sealed record FairnessOptions(
    [Description("A worker is told of when its share of the updates is at least so many times its share of the data, or the inverse; a class likewise.")][Range(1.05, 1000.0)] double Ratio = 1.5,
    [Description("Total variation distance of a partition's classes from those of all from which it is biased, 0 to 1.")][Range(0.01, 1.0)] double LabelDistance = 0.2,
    [Description("A class that is seen too little is told of as harmed when its recall is so many points below the mean of those that are not.")][Range(1.0, 100.0)] double Harm = 10);

/// <summary>
/// Share of updates and of learning rate against share of data, and what skew does to classes. s_i
/// is worker i's share of the samples in pushes that made updates, d_i its share of the data,
/// p_i(c) the share of class c in its partition. A class is seen e(c) = sum s_i p_i(c) of the time
/// where it is g(c) = sum d_i p_i(c) of the data; e(c) / g(c) is how much more than its part it
/// weighs. Where the run counts classes, a class that weighs too little is held against its recall on
/// the test samples.
/// </summary>
[Description("Share of updates against share of data; biased partitions; classes that skew harms.")]
[Plugin("fairness")]
internal sealed class Fairness(FairnessOptions options) : IAnalyzer
{
    private const int FewestPushes = 20;

    // In standard errors of a share, if each push were anybody's.
    private const double StandardErrors = 6;

    // A random partition of the same size is this far from all samples; a biased one much farther.
    private const double TimesRandom = 2;

    public AnalyzerScope Scope => AnalyzerScope.EachRun;

    public IReadOnlyList<Finding> Analyze(IReadOnlyList<IRunRecords> runs, CancellationToken stop)
    {
        var facts = runs[0].Facts;
        return facts.Workers < 2 || Shares.Read(runs[0], stop) is not { } shares
            ? []
            : [.. Partitions(facts, shares), .. Updates(facts, shares), .. Classes(facts, shares), .. Harms(facts, shares, ClassRecall.Read(runs[0]))];
    }

    private IEnumerable<Finding> Partitions(RunFacts facts, Shares shares)
    {
        if (shares.IsShared || shares.Parts.Any(part => part.ClassCounts.Count != facts.Classes) || facts.Classes < 2)
        {
            yield break;
        }

        var totals = LabelSkew.Totals(shares.Parts);
        double[] distances = [.. shares.Parts.Select(part => LabelSkew.Distance([.. part.ClassCounts.Select(count => (double)count)], totals))];
        if (distances.Max() < options.LabelDistance)
        {
            yield break;
        }

        // A tiny partition is far from all samples by chance: the farthest of those that are not.
        double[] controls = [.. shares.Parts.Select(part => LabelSkew.AtRandom(part, totals))];
        var worker = Enumerable.Range(0, distances.Length).MaxBy(w => (controls[w] * TimesRandom < distances[w], distances[w]));
        var control = controls[worker];
        yield return new Finding
        {
            Name = "biased-partition",
            Subject = Text($"worker {worker}"),
            Grade = FindingGrade.Warning,
            Number = distances[worker],
            Sentence = Text($"The partition of worker {worker} differs from all samples by {100 * distances[worker]:F0} % of its labels; {distances.Zip(controls).Count(d => d.First >= options.LabelDistance && d.First > TimesRandom * d.Second)} of {distances.Length} partitions are biased so."),
            Place = new FindingPlace(facts, shares.Places[worker]),
            Control = new(
                Text($"Partitions of its size with labels drawn at random: {100 * control:F1} % at most."), control, control * TimesRandom < distances[worker]),
            Details = [.. distances.Take(64).Select((distance, w) => Detail(Text($"worker{w}"), distance))],
        };
    }

    private IEnumerable<Finding> Updates(RunFacts facts, Shares shares)
    {
        var pushes = shares.Pushes.Sum();
        if (shares.IsShared || pushes < (long)FewestPushes * facts.Workers)
        {
            yield break;
        }

        // What workers hold that are not there is nobody's.
        var present = Enumerable.Range(0, facts.Workers).Except(AbsentOf(facts)).ToList();
        var there = present.Sum(shares.OfData);
        foreach (var worker in present)
        {
            var (data, updates) = (shares.OfData(worker) / there, shares.OfUpdates(worker));
            var error = Math.Sqrt(data * (1 - data) / pushes);
            var ratio = data > 0 ? updates / data : 0;
            if (data <= 0 || (ratio < options.Ratio && ratio > 1 / options.Ratio) || Math.Abs(updates - data) < StandardErrors * error)
            {
                continue;
            }

            // As if every push were anybody's: what chance alone does to a share.
            var control = 1 + (StandardErrors * error / data);
            yield return new Finding
            {
                Name = "unfair-share",
                Subject = Text($"worker {worker}"),
                Grade = FindingGrade.Hint,
                Number = ratio,
                Sentence = Text($"Worker {worker} has {100 * data:F1} % of the data and {100 * updates:F1} % of the updates ({100 * shares.OfRates(worker):F1} % of the learning rate): {ratio:F2} times its part."),
                Place = new FindingPlace(facts, shares.Pushes[worker] > 0 ? shares.First[worker] : shares.Places[worker]),
                Control = new(
                    Text($"If each push were drawn by share of data, six standard errors would be {control:F2} times its part."),
                    control, ratio < 1 ? 2 - control > ratio : control < ratio),
                Details = [Detail("data", data), Detail("updates", updates), Detail("learningRate", shares.OfRates(worker))],
            };
        }
    }

    // Who holds classes, and enough pushes to say how often each was seen.
    private static bool HasWeights(RunFacts facts, Shares shares) =>
        !shares.IsShared && shares.Parts.All(part => part.ClassCounts.Count == facts.Classes) && shares.Pushes.Sum() >= (long)FewestPushes * facts.Workers;

    private IEnumerable<Finding> Classes(RunFacts facts, Shares shares)
    {
        if (!HasWeights(facts, shares))
        {
            yield break;
        }

        for (var c = 0; c < facts.Classes; c++)
        {
            var (seen, held, equal) = (0.0, 0.0, 0.0);
            for (var worker = 0; worker < facts.Workers; worker++)
            {
                var share = shares.Parts[worker].Samples > 0 ? (double)shares.Parts[worker].ClassCounts[c] / shares.Parts[worker].Samples : 0;
                seen += shares.OfUpdates(worker) * share;
                held += shares.Parts[worker].ClassCounts[c] / shares.TotalSamples;
                equal += share / facts.Workers;
            }

            var ratio = held > 0 ? seen / held : 1;
            if (ratio < options.Ratio && ratio > 1 / options.Ratio)
            {
                continue;
            }

            // Equal work for equal partitions: what the partitions alone do.
            var control = equal / held;
            var largest = shares.Parts.MaxBy(part => part.ClassCounts[c])!.Partition;
            yield return new Finding
            {
                Name = "class-weight",
                Subject = Text($"class {c}"),
                Grade = FindingGrade.Hint,
                Number = ratio,
                Sentence = Text($"Class {c} is {100 * held:F1} % of the data and {100 * seen:F1} % of what the updates have seen: {ratio:F2} times its part. Most of it lies with worker {largest}."),
                Place = new FindingPlace(facts, shares.Places[largest]),
                Control = new(
                    Text($"If all workers pushed equally often, it would weigh {control:F2} times its part."), control, Math.Abs(Math.Log(control)) < Math.Abs(Math.Log(ratio))),
                Details = [Detail("data", held), Detail("seen", seen)],
            };
        }
    }

    // A class may be hard whoever sees it: the hardest of those that weigh enough is what hardness
    // alone does, and a class that weighs too little has to be below it.
    private IEnumerable<Finding> Harms(RunFacts facts, Shares shares, ClassRecall? recalls)
    {
        if (recalls is null || recalls.Classes.Count != facts.Classes || !HasWeights(facts, shares))
        {
            yield break;
        }

        double[] weights = [.. Enumerable.Range(0, facts.Classes).Select(shares.WeightOf)];
        var known = Enumerable.Range(0, facts.Classes).Where(c => recalls.Classes[c].Samples > 0 && shares.IsHeld(c)).ToList();
        var fair = known.Where(c => weights[c] > 1 / options.Ratio).ToList();
        if (fair.Count == 0)
        {
            yield break;
        }

        var (mean, hardest) = (fair.Average(c => recalls.Classes[c].Recall), fair.MinBy(c => recalls.Classes[c].Recall));
        foreach (var c in known.Except(fair))
        {
            var (recall, least) = (recalls.Classes[c], recalls.Classes[hardest]);
            var harm = 100 * (mean - recall.Recall);
            if (harm < options.Harm)
            {
                continue;
            }

            var error = Math.Sqrt((recall.Error * recall.Error) + (least.Error * least.Error));
            yield return new Finding
            {
                Name = "class-harm",
                Subject = Text($"class {c}"),
                Grade = FindingGrade.Warning,
                Number = harm,
                Unit = "points",
                Sentence = Text($"Class {c} weighs {weights[c]:F2} times its part in what the updates have seen, and {100 * recall.Recall:F1} % of its test samples are recognised: {harm:F1} points fewer than of the {fair.Count} classes that weigh enough."),
                Place = new FindingPlace(facts, recall.Place),
                Control = new(
                    Text($"Of the classes that weigh enough, the hardest (class {hardest}) is recognised in {100 * least.Recall:F1} %; two standard errors of the difference are {200 * error:F1} points."),
                    100 * least.Recall, recall.Recall + (2 * error) < least.Recall),
                Details = [Detail("weight", weights[c]), Detail("recall", recall.Recall), Detail("meanRecall", mean)],
            };
        }
    }
}
