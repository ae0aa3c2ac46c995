using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Analyzers.MLNet;

public sealed record AnomaliesOptions(
    [Description("What does not fit is so many times as far away as the worst of the rest.")][Range(1.1, 1000.0)] double Factor = 2,
    [Description("Least distance, in spreads of the rest.")][Range(1.0, 1000.0)] double Distance = 6,
    [Description("Runs whose single pushes are looked at, the first of those given.")][Range(0, 100000)] int PushesOf = 20);

/// <summary>
/// Runs that do not fit the other runs, and pushes that do not fit their neighbours, by principal
/// components (RandomizedPca). A run is its means over pushes and its outcome; a push is duration,
/// staleness, gap, gradient norm and loss, as logarithms against their running means. The distance
/// is what the components of the others leave. Control: the worst of the others, by the same
/// components.
/// </summary>
[Description("Runs that do not fit the others, pushes unlike their neighbours.")]
[Plugin("anomalies")]
internal sealed class Anomalies(AnomaliesOptions options) : IAnalyzer
{
    // Of fewer, the spreads that numbers are scaled by are themselves chance.
    private const int FewestRuns = 20;
    private const int FewestPushes = 200;

    public AnalyzerScope Scope => AnalyzerScope.AllRuns;

    public IReadOnlyList<Finding> Analyze(IReadOnlyList<IRunRecords> runs, CancellationToken stop)
    {
        var (findings, known, rows) = (new List<Finding>(), new List<Outcome>(), new List<double[]>());
        for (var n = 0; n < runs.Count; n++)
        {
            stop.ThrowIfCancellationRequested();
            if (Outcome.Of([runs[n]], stop) is not [var outcome])
            {
                continue;
            }

            var pushes = n < options.PushesOf ? new PushFeatures() : null;
            if (RunFeatures.Of(runs[n], outcome, pushes, stop) is not { } row)
            {
                continue;
            }

            rows.Add(row);
            known.Add(outcome);
            findings.AddRange(Pushes(runs[n].Facts, pushes));
        }

        return [.. Runs(known, rows), .. findings];
    }

    private IEnumerable<Finding> Runs(List<Outcome> known, List<double[]> rows)
    {
        if (rows.Count < FewestRuns)
        {
            return [];
        }

        return Outliers.Find(rows, options.Factor, options.Distance).Select(outlier =>
        {
            var name = RunFeatures.Names[outlier.Column];
            return new Finding
            {
                Name = "odd-run",
                Subject = known[outlier.Row].Run.Title,
                Grade = FindingGrade.Hint,
                Number = outlier.Score,
                Unit = "spreads",
                Sentence = FormattableString.Invariant($"The run does not fit the other {rows.Count - 1}: it is {outlier.Score:F1} spreads away, by its {name} most of all."),
                Place = new FindingPlace(known[outlier.Row].Run, known[outlier.Row].Place),
                Control = Control(outlier),
            };
        });
    }

    private IEnumerable<Finding> Pushes(RunFacts facts, PushFeatures? pushes)
    {
        if (pushes?.Rows is not { } rows || rows.Count < FewestPushes)
        {
            return [];
        }

        return Outliers.Find([.. rows.Select(row => row.Row)], options.Factor, options.Distance).Select(outlier =>
        {
            var name = PushFeatures.Names[outlier.Column];
            var times = Math.Exp(rows[outlier.Row].Row[outlier.Column]);
            return new Finding
            {
                Name = "odd-push",
                Grade = FindingGrade.Hint,
                Number = outlier.Score,
                Unit = "spreads",
                Sentence = FormattableString.Invariant($"A push does not fit its neighbours: it is {outlier.Score:F1} spreads away, by its {name} most of all, {times:G3} times the running mean."),
                Place = new FindingPlace(facts, rows[outlier.Row].Place),
                Control = Control(outlier),
            };
        });
    }

    private FindingControl Control(Outlier outlier) =>
        new(FormattableString.Invariant($"The worst of the rest is {outlier.Rest:F1} spreads away."), outlier.Rest, outlier.Score >= options.Factor * outlier.Rest);
}
