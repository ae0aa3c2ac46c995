using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Analyzers.MLNet;

public sealed record ClustersOptions(
    [Description("Most families.")][Range(2, 20)] int Most = 6,
    [Description("Families that are apart by less (mean silhouette) are none.")][Range(0.0, 1.0)] double LeastSilhouette = 0.5);

/// <summary>
/// Families of runs by their curves: test accuracy (or the logarithm of the test loss) at 16 points
/// of equal progress, clustered by KMeans for every number of families, of which the one with the
/// largest mean silhouette counts (Rousseeuw, 1987): (b - a) / max(a, b), with a a run's mean
/// distance to its own family and b to the nearest other one. Control: the same with each point of
/// the curves dealt to the runs at random, which keeps every point's spread and takes the families
/// away.
/// </summary>
[Description("Families of runs by their curves.")]
[Plugin("clusters")]
internal sealed class Clusters(ClustersOptions options) : IAnalyzer
{
    private const int FewestRuns = 12;

    public AnalyzerScope Scope => AnalyzerScope.AllRuns;

    public IReadOnlyList<Finding> Analyze(IReadOnlyList<IRunRecords> runs, CancellationToken stop)
    {
        var outcomes = Outcome.Of(runs, stop).Where(outcome => Array.TrueForAll(outcome.Curve, double.IsFinite)).ToList();
        if (outcomes.Count < FewestRuns)
        {
            return [];
        }

        float[][] curves = [.. outcomes.Select(outcome => outcome.Curve.Select(value => (float)value).ToArray())];
        var best = Best(curves, stop);
        if (best.Silhouette < options.LeastSilhouette)
        {
            return [];
        }

        var control = Best(Dealt(curves), stop).Silhouette;
        var families = outcomes.Zip(best.Families).GroupBy(pair => pair.Second, pair => pair.First).OrderByDescending(family => family.Count()).ThenBy(family => family.Key).ToList();
        var smallest = families[^1].First();
        return
        [
            new Finding
            {
                Name = "families",
                Grade = FindingGrade.Measured,
                Number = families.Count,
                Sentence = FormattableString.Invariant($"The curves of {outcomes.Count} runs are {families.Count} families (silhouette {best.Silhouette:F2}): {string.Join(", ", families.Select(Words))}."),
                Place = new FindingPlace(smallest.Run, smallest.Place),
                Control = new(
                    FormattableString.Invariant($"With each point of the curves dealt to the runs at random the silhouette is {control:F2}."), control, control < best.Silhouette - 0.1),
                Details = [new("silhouette", best.Silhouette), .. families.Select((family, n) => KeyValuePair.Create(FormattableString.Invariant($"family{n + 1}"), (double)family.Count()))],
            },
        ];
    }

    private static string Words(IGrouping<uint, Outcome> family) =>
        FormattableString.Invariant($"{family.Count()} that end at {End(family.Average(outcome => outcome.Curve[^1]), family.All(outcome => outcome.Run.Classes > 1))} (such as {family.First().Run.Title})");

    // A mean of logarithms is the logarithm of the geometric mean.
    private static string End(double mean, bool isAccuracy) =>
        isAccuracy ? FormattableString.Invariant($"{mean:F1} %") : FormattableString.Invariant($"a test loss of {Math.Exp(mean):G3} (geometric mean)");

    private (double Silhouette, uint[] Families) Best(float[][] curves, CancellationToken stop)
    {
        // Centres are drawn among curves that are apart from those drawn before.
        var different = curves.DistinctBy(curve => string.Join(' ', curve)).Count();
        var best = (Silhouette: double.NegativeInfinity, Families: Array.Empty<uint>());
        for (var number = 2; number <= Math.Min(options.Most, Math.Min(curves.Length / 3, different)); number++)
        {
            stop.ThrowIfCancellationRequested();
            var context = Table.Context();
            var view = Table.View(context, curves);
            var trainer = context.Clustering.Trainers.KMeans(new KMeansTrainer.Options
            {
                FeatureColumnName = Table.Features,
                NumberOfClusters = number,
                NumberOfThreads = 1,
                InitializationAlgorithm = KMeansTrainer.InitializationAlgorithm.KMeansPlusPlus,
            });
            var labelled = trainer.Fit(view).Transform(view);
            uint[] families = [.. labelled.GetColumn<uint>(labelled.Schema["PredictedLabel"])];
            var silhouette = Silhouette(curves, families, number);
            best = silhouette > best.Silhouette ? (silhouette, families) : best;
        }

        return best;
    }

    // Keys count from 1.
    private static double Silhouette(float[][] rows, uint[] families, int number)
    {
        var sizes = new int[number];
        foreach (var family in families)
        {
            sizes[family - 1]++;
        }

        var sum = 0.0;
        var distances = new double[number];
        for (var row = 0; row < rows.Length; row++)
        {
            Array.Clear(distances);
            for (var other = 0; other < rows.Length; other++)
            {
                distances[families[other] - 1] += Distance(rows[row], rows[other]);
            }

            var own = (int)families[row] - 1;
            if (sizes[own] > 1)
            {
                var within = distances[own] / (sizes[own] - 1);
                var nearest = Enumerable.Range(0, number).Where(family => family != own && sizes[family] > 0).Select(family => distances[family] / sizes[family]).DefaultIfEmpty(0).Min();
                sum += Math.Max(within, nearest) > 0 ? (nearest - within) / Math.Max(within, nearest) : 0;
            }
        }

        return sum / rows.Length;
    }

    private static double Distance(float[] one, float[] other)
    {
        var sum = 0.0;
        for (var n = 0; n < one.Length; n++)
        {
            sum += (one[n] - other[n]) * (double)(one[n] - other[n]);
        }

        return Math.Sqrt(sum);
    }

    private static float[][] Dealt(float[][] rows)
    {
        float[][] dealt = [.. rows.Select(row => (float[])row.Clone())];
        for (var column = 0; column < rows[0].Length; column++)
        {
            var random = new RandomStreams(1).Open("clusters-control", column);
            for (var n = rows.Length - 1; n > 0; n--)
            {
                var other = random.Next(n + 1);
                (dealt[n][column], dealt[other][column]) = (dealt[other][column], dealt[n][column]);
            }
        }

        return dealt;
    }
}
