using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Analyzers.MLNet;

public sealed record FactorsOptions(
    [Description("Fewer runs are inconclusive.")][Range(10, 1000000)] int FewestRuns = 30,
    [Description("A model that explains less of the variance of runs that it has not seen is inconclusive.")][Range(0.0, 1.0)] double LeastR2 = 0.3,
    [Description("Folds of the cross-validation.")][Range(2, 20)] int Folds = 5,
    [Description("How often the whole is repeated with other folds and other shuffled columns.")][Range(1, 100)] int Repeats = 3);

/// <summary>
/// Which axes of a sweep drive its runs' test accuracy (or the logarithm of their test loss, where
/// samples have no label). A forest of regression trees (FastForest) predicts it from the settings
/// in which runs differ, cross-validated; the importance of an axis is by how much R² of the runs
/// left out, those of all folds together, falls when its values are shuffled (permutation
/// importance), averaged over repeats. Control: each axis has a shuffled copy in the same forest;
/// an importance that one of the copies reaches is not reported.
/// </summary>
[Description("Which axes of a sweep drive its runs' accuracy.")]
[Plugin("factors")]
internal sealed class Factors(FactorsOptions options) : IAnalyzer
{
    public AnalyzerScope Scope => AnalyzerScope.AllRuns;

    public IReadOnlyList<Finding> Analyze(IReadOnlyList<IRunRecords> runs, CancellationToken stop)
    {
        var outcomes = Outcome.Of(runs, stop);
        var hasAccuracy = outcomes.Count > 0 && outcomes.TrueForAll(outcome => double.IsFinite(outcome.Accuracy));
        outcomes.RemoveAll(outcome => !double.IsFinite(hasAccuracy ? outcome.Accuracy : outcome.LogLoss));
        var axes = outcomes.Count < 2 ? [] : Axis.Of([.. outcomes.Select(outcome => outcome.Run)]);
        if (axes.Count == 0)
        {
            return [];
        }

        float[] response = [.. outcomes.Select(outcome => (float)(hasAccuracy ? outcome.Accuracy : outcome.LogLoss))];
        var name = hasAccuracy ? "test accuracy" : "log test loss";
        var best = outcomes[Array.IndexOf(response, hasAccuracy ? response.Max() : response.Min())];
        var place = new FindingPlace(best.Run, best.Place);
        if (outcomes.Count < options.FewestRuns)
        {
            return [Nothing(
                outcomes.Count,
                FormattableString.Invariant($"{outcomes.Count} runs are too few to tell which of {axes.Count} axes matter; {options.FewestRuns} are needed."), place)];
        }

        try
        {
            return Fitted(outcomes.Count, axes, response, name, place, stop);
        }
        catch (Exception failure) when (IsWithoutForests(failure))
        {
            return [Nothing(outcomes.Count, "ML.NET has no forests for this kind of machine (its native library is missing), so nothing is said of the axes.", place)];
        }
    }

    private Finding[] Fitted(int runs, List<Axis> axes, float[] response, string name, FindingPlace place, CancellationToken stop)
    {
        var fit = ForestFit.Of(axes, response, options, stop);
        var control = ForestFit.Shuffled(axes, response, options, stop);
        var isSound = fit.R2 >= options.LeastR2 && control < options.LeastR2 / 2;
        var model = new Finding
        {
            Name = "factors-model",
            Grade = FindingGrade.Measured,
            Number = fit.R2,
            Sentence = FormattableString.Invariant($"A forest over {axes.Count} axes explains {100 * fit.R2:F0} % of the variance of the {name} of {runs} runs that it has not seen; a linear model {(fit.LinearR2 > 0 ? FormattableString.Invariant($"{100 * fit.LinearR2:F0} %") : "none of it")}."),
            Place = place,
            Control = new(FormattableString.Invariant($"With the outcomes dealt to the runs at random it explains {100 * control:F0} %; at least {100 * options.LeastR2:F0} % are needed, and less than half of that here."), control, isSound),
            Details = [new("linearR2", fit.LinearR2), new("runs", runs), new("axes", axes.Count)],
        };
        return isSound ? [model, .. fit.Axes.OrderByDescending(axis => axis.Importance).Select(axis => Of(axis, fit, name, place))] : [model];
    }

    private static Finding Of(AxisFit axis, ForestFit fit, string name, FindingPlace place)
    {
        var isFactor = axis.Importance > fit.LargestShadow;
        var strongest = fit.Axes.MaxBy(other => other.Importance)!;
        return new Finding
        {
            Name = isFactor ? "factor" : "useless-axis",
            Subject = axis.Axis.Name,
            Grade = isFactor ? FindingGrade.Measured : FindingGrade.Hint,
            Number = axis.Importance,
            Sentence = isFactor
                ? FormattableString.Invariant($"{axis.Axis.Name} matters: shuffled, it costs {axis.Importance:F3} of R²; the {name} goes from {axis.Least.Value:F1} at {axis.Least.Text} to {axis.Most.Value:F1} at {axis.Most.Text}, other settings as they are.")
                : FormattableString.Invariant($"{axis.Axis.Name} makes no difference that a shuffled axis would not make: shuffled, it costs {axis.Importance:F3} of R²."),
            Place = place,
            Control = isFactor
                ? new(FormattableString.Invariant($"Shuffled copies of the axes cost {fit.LargestShadow:F3} at most."), fit.LargestShadow, fit.LargestShadow < axis.Importance)
                : new(
                    FormattableString.Invariant($"An axis that matters is seen: {strongest.Axis.Name} costs {strongest.Importance:F3}, shuffled copies {fit.LargestShadow:F3} at most."),
                    strongest.Importance, strongest.Importance > 3 * Math.Max(fit.LargestShadow, Math.Max(0, axis.Importance))),
            Details = [.. axis.Partial.Select(point => KeyValuePair.Create(FormattableString.Invariant($"at {point.Text}"), point.Value)), new("linear", axis.Linear)],
        };
    }

    // Linux on Arm.
    private static bool IsWithoutForests(Exception? failure) =>
        failure is DllNotFoundException || (failure is not null && IsWithoutForests(failure.InnerException));

    private static Finding Nothing(int runs, string why, FindingPlace place) => new()
    {
        Name = "factors-model",
        Grade = FindingGrade.Inconclusive,
        Number = runs,
        Unit = "runs",
        Sentence = why,
        Place = place,
        Control = new("Nothing was fitted.", 0, false),
    };
}
