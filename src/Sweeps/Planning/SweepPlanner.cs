using Orchestrator.Abstractions;
using Orchestrator.Composition;

namespace Orchestrator.Sweeps;

/// <summary>
/// Makes a plan of a pipeline with a sweep: every cell is resolved and checked before any is run.
/// </summary>
public sealed class SweepPlanner
{
    /// <summary>How a message goes on about cells that are one experiment.</summary>
    public const string WithoutEffect = ": what differs between them has no effect";

    private readonly PipelineTemplate template;
    private readonly SweepSettings sweep;
    private readonly DataSets data;
    private readonly IReadOnlyList<string>? keys;
    private readonly string? publishedFile;
    private readonly SweepMistakes mistakes = new();

    /// <param name="template">A pipeline whose <see cref="PipelineTemplate.Sweep"/> is
    /// there.</param>
    /// <param name="request">What it was read with.</param>
    /// <param name="keys">
    /// The keys of its cells, where somebody has planned it before; data need not be read then.
    /// Where the data here are others, runs find it out.
    /// </param>
    /// <param name="publishedFile">What was published when it was planned before; null for the file
    /// that the sweep names.</param>
    /// <exception cref="ArgumentException">The pipeline has no sweep.</exception>
    public SweepPlanner(PipelineTemplate template, PipelineRequest request, IReadOnlyList<string>? keys = null, string? publishedFile = null)
    {
        (this.template, this.keys, this.publishedFile) = (template, keys, publishedFile);
        sweep = template.Sweep ?? throw new ArgumentException("The pipeline has no sweep.", nameof(template));
        data = new DataSets(request.Data);
    }

    /// <summary>The data that was read on the way.</summary>
    internal DataSets Data => data;

    /// <summary>
    /// Plans the sweep, with what was wrong with its template before all other mistakes.
    /// </summary>
    /// <param name="found">What was wrong with it.</param>
    public SweepPlanResult Plan(IReadOnlyList<Mistake> found) =>
        Plan() is var planned && found.Count == 0 ? planned : new SweepPlanResult(null, [.. found, .. planned.Mistakes.Except(found)]);

    /// <summary>Plans the sweep.</summary>
    public SweepPlanResult Plan()
    {
        var axes = new AxisReader(sweep, mistakes).Read();
        var averages = new Averages(axes, sweep, mistakes);
        var filter = new CellFilter(averages, sweep, mistakes);
        var published = sweep.Published is { } named ? PublishedFile.Read(publishedFile ?? named.File, averages, sweep.Origin, mistakes) : null;
        var (samples, seed) = sweep.Search switch
        {
            RandomSearch random => (random.Samples, random.Seed),
            SuccessiveHalving halving => (halving.Samples, halving.Seed),
            _ => ((int?)null, 0L),
        };
        if (Combinations.Count(axes) > Combinations.Most)
        {
            mistakes.Add(sweep.Origin, "sweep.axes", $"make {Combinations.Count(axes):0} combinations; at most {Combinations.Most} are allowed");
        }

        if (mistakes.Any)
        {
            return new SweepPlanResult(null, mistakes.ToList(TryValues([.. axes.Where(axis => axis.Values.Count > 0)])));
        }

        var combinations = Combinations.Of(averages.Shown, filter, samples, seed).Where(setting => sweep.Published is not { Only: true } || published!.Has(setting)).SelectMany(averages.Of).ToList();
        var cells = Resolve(axes, combinations, averages, published);
        var rounds = new RoundReader(sweep, cells.Count > 0 ? cells[0].Pipeline.Seed : 1, averages, mistakes);
        var plan = new SweepPlan
        {
            Name = cells.Count > 0 ? cells[0].Pipeline.Name : "",
            Settings = sweep,
            Axes = axes,
            Cells = cells,
            Rounds = rounds.Read(),
            Metric = sweep.Metric ?? (cells.All(cell => cell.Shape.Classes > 0) ? SweepMetric.TestAccuracy : SweepMetric.TestLoss),
            Until = rounds.Until(),
            Published = published?.Text,
        };
        Check(plan, averages, combinations.Count);
        return new SweepPlanResult(mistakes.Any ? null : plan, mistakes.ToList(combinations.Count));
    }

    // There are no cells to check. What is wrong with any one value is told all the same, each beside
    // the first values of the other axes.
    private int TryValues(IReadOnlyList<Axis> axes)
    {
        var first = axes.Select(axis => axis.Values[0]).ToList();
        var trials = axes.SelectMany((axis, at) => axis.Values.Skip(1).Select(value => (At: at, Value: value)))
            .Select(one => first.Select((value, at) => at == one.At ? one.Value : value)).Prepend(first).ToList();
        foreach (var trial in trials)
        {
            mistakes.AddOf(Label(axes, trial), template.Resolve([.. trial.SelectMany(value => value.Overrides)]).Mistakes);
        }

        return trials.Count;
    }

    private static string Label(IReadOnlyList<Axis> axes, IEnumerable<AxisValue> values) =>
        string.Join(' ', axes.Zip(values).Select(pair => $"{pair.First.Name}={pair.Second.Text}"));

    private List<Cell> Resolve(IReadOnlyList<Axis> axes, List<AxisValue[]> combinations, Averages averages, PublishedFile? published)
    {
        var cells = new List<Cell>(combinations.Count);
        foreach (var combination in combinations)
        {
            var label = Label(axes, combination);
            var result = template.Resolve([.. combination.SelectMany(value => value.Overrides)]);
            mistakes.AddOf(label, result.Mistakes);
            if (result.Pipeline is { } pipeline && KeyOf(pipeline, cells.Count) is { } key)
            {
                cells.Add(new Cell(cells.Count, combination, pipeline, label)
                {
                    Key = key,
                    Memory = result.Memory!,
                    Shape = result.Data!,
                    Published = published?.Of(averages.SettingOf(combination), Chance(result.Data!.Classes)),
                });
            }
        }

        return cells;
    }

    // As for runs of ours: an accuracy within one point of chance is no convergence.
    private double? Chance(int classes) => classes >= 2 && (sweep.Metric?.IsAccuracy() ?? true) ? (100.0 / classes) + 1 : null;

    private string? KeyOf(ResolvedPipeline pipeline, int index)
    {
        if (keys is not null)
        {
            return index < keys.Count ? keys[index] : "";
        }

        return data.FingerprintOf(pipeline.Dataset, mistakes) is { } fingerprint ? SweepKeys.OfCell(pipeline, fingerprint) : null;
    }

    private void Check(SweepPlan plan, Averages averages, int combinations)
    {
        if (combinations == 0)
        {
            List<string> reasons = [];
            reasons.AddRange(sweep.Where.Count > 0 ? ["sweep.where"] : []);
            reasons.AddRange(sweep.Exclude.Count > 0 ? ["sweep.exclude"] : []);
            reasons.AddRange(sweep.Published is { Only: true } ? ["sweep.published.only"] : []);
            mistakes.Add(sweep.Origin, string.Join(", ", reasons), $"leave{(reasons.Count == 1 ? "s" : "")} out every combination; nothing is left to run");
        }

        // An axis without effect makes as many of them as the others have combinations: one is shown.
        if (plan.Cells.GroupBy(cell => cell.Key).Where(group => group.Count() > 1).ToList() is [var same, .. var others])
        {
            var more = (same.Count() > 2 ? $", as are {same.Count() - 2} more" : "") + (others.Count > 0 ? $", and so it is {others.Count} more times" : "");
            mistakes.Add(
                sweep.Origin, "sweep.axes",
                $"{string.Join(" and ", same.Take(2))} are the same experiment{more}{WithoutEffect}; leave one out by 'exclude'");
        }

        if (plan.Metric.IsAccuracy() && plan.Cells.FirstOrDefault(cell => cell.Shape.Classes == 0) is { } unlabelled)
        {
            var instead = plan.Metric.IsOfValidation() ? "validation-loss" : "test-loss";
            mistakes.Add(sweep.Origin, "sweep.metric", $"the samples of {unlabelled} have no label, so there is no accuracy; \"{instead}\" is expected");
        }

        if (plan.Metric.IsOfValidation() && plan.Cells.FirstOrDefault(cell => cell.Pipeline.Evaluation.Sets?.Validation is null) is { } without)
        {
            mistakes.Add(sweep.Origin, "sweep.metric", $"{without} keeps no samples for validation; evaluation.sets.validation is required in every cell");
        }

        if (sweep.Search is SuccessiveHalving halving)
        {
            Check(halving, plan);
        }

        Check(sweep.Compare, plan, averages);
    }

    private void Check(CompareSettings compare, SweepPlan plan, Averages averages)
    {
        var names = averages.Shown.Select(axis => axis.Name).ToList();
        if (compare.Axis is { } named && !names.Contains(named))
        {
            mistakes.Add(sweep.Origin, "sweep.compare.axis", averages.Missing(named));
            return;
        }

        var axis = Comparisons.AxisOf(averages.Shown, compare);
        if (axis is null && (plan.Until is not null || compare.Baseline is not null))
        {
            mistakes.Add(sweep.Origin, "sweep.compare.axis", names.Count == 0 ? $"there is no axis to compare along{(plan.Axes.Count > 0 ? ": all are averaged over" : "")}" : $"is missing; one of {string.Join(", ", names)} is required");
            return;
        }

        var values = averages.Shown.FirstOrDefault(a => a.Name == axis)?.Values.Select(value => value.Text).ToList() ?? [];
        if (compare.Baseline is { } baseline && !values.Contains(baseline))
        {
            mistakes.Add(sweep.Origin, "sweep.compare.baseline", $"the axis '{axis}' has no value {baseline}; it has {string.Join(", ", values.Take(20))}{NearestMatch.Suffix(baseline, values)}");
        }
        else if (plan.Until is not null && !mistakes.Any && Comparisons.Of(plan).Count == 0)
        {
            mistakes.Add(sweep.Origin, "sweep.seeds", $"nothing is compared along '{axis}', so nothing can be decided; give the number of seeds");
        }
        else if (plan.Until is not null && Comparisons.TermsOf(plan, 1).Delta == 0)
        {
            mistakes.Add(sweep.Origin, "sweep.compare.delta", $"is missing; seeds are added until a difference in {plan.Metric.Table().Label} is found or is known not to matter, so which does not is required");
        }
    }

    private void Check(SuccessiveHalving halving, SweepPlan plan)
    {
        const string Path = "sweep.search.epochs";
        if (halving.Epochs.Count == 0 || halving.Epochs.Zip(halving.Epochs.Skip(1)).Any(pair => !(pair.First < pair.Second)))
        {
            mistakes.Add(sweep.Origin, Path, "ascending marks are expected, at least one; for example [1, 3, 9]");
        }

        if (plan.Cells.FirstOrDefault(cell => cell.Pipeline.Stop.Epochs <= halving.Epochs.LastOrDefault()) is { } short1)
        {
            mistakes.Add(sweep.Origin, Path, $"the last mark is {halving.Epochs[^1]}, but {short1} ends at epoch {short1.Pipeline.Stop.Epochs}; marks lie before the end");
        }
    }
}
