using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace Orchestrator.Analyzers.MLNet;

/// <summary>A row that does not fit the rest.</summary>
/// <param name="Row">Its number.</param>
/// <param name="Score">Length of what principal components of the other rows leave of it, in
/// spreads.</param>
/// <param name="Rest">The same of the other row that fits worst, of few rows by components without
/// it: the control.</param>
/// <param name="Column">The number that is farthest from the others'.</param>
internal sealed record Outlier(int Row, double Score, double Rest, int Column);

/// <summary>
/// Rows that do not fit the rest, by principal components. Columns are scaled by their medians and
/// spreads; components are those of the other rows without the candidates.
/// </summary>
internal static class Outliers
{
    private const int Most = 3;

    // Of more rows, one hardly moves the components that it is measured by.
    private const int MostByThemselves = 100;

    private const double Limit = 50;

    // Rows are logarithms and the like: what is within two parts in a hundred is the same.
    private const double Floor = 0.02;

    /// <summary>At most three, the farthest first.</summary>
    /// <param name="rows">Finite numbers.</param>
    /// <param name="factor">A row is one where its score is so many times that of the worst of the
    /// rest.</param>
    /// <param name="least">Least score.</param>
    public static IReadOnlyList<Outlier> Find(IReadOnlyList<double[]> rows, double factor, double least)
    {
        var scaled = Table.Scaled(rows, Floor, Limit);
        int[] candidates = [.. Enumerable.Range(0, scaled.Count).OrderByDescending(row => Square(scaled[row])).ThenBy(row => row).Take(Most)];
        int[] others = [.. Enumerable.Range(0, scaled.Count).Except(candidates)];
        var scores = Scores(scaled, others);

        // Components of few rows leave little of these rows and much of any other.
        var rest = Math.Max(1e-6, others.Max(row => others.Length > MostByThemselves ? scores[row] : Scores(scaled, [.. others.Except([row])])[row]));
        return
        [
            .. candidates.Where(row => scores[row] >= least && scores[row] >= factor * rest).OrderByDescending(row => scores[row]).ThenBy(row => row)
                .Select(row => new Outlier(row, scores[row], rest, Farthest(scaled[row]))),
        ];
    }

    // The trainer's score is the length of what the components leave over the length of all, both
    // from the mean of what it was fitted to.
    private static double[] Scores(IReadOnlyList<float[]> all, int[] fitted)
    {
        // Components of columns that do not vary are no numbers; what is left of such a column is
        // all of it.
        int[] varying = [.. Enumerable.Range(0, all[0].Length).Where(c => fitted.Any(row => Math.Abs(all[row][c] - all[fitted[0]][c]) > 1e-3))];
        if (varying.Length < 2)
        {
            return [.. all.Select(row => Math.Sqrt(Square(row)))];
        }

        List<float[]> rows = [.. all.Select(row => varying.Select(c => row[c]).ToArray())];
        var context = Table.Context();
        var trainer = context.AnomalyDetection.Trainers.RandomizedPca(new RandomizedPcaTrainer.Options
        {
            FeatureColumnName = Table.Features,
            Rank = Math.Max(1, rows[0].Length / 3),
            Oversampling = Math.Max(0, Math.Min(20, rows[0].Length - Math.Max(1, rows[0].Length / 3))),
            EnsureZeroMean = true,
            Seed = 1,
        });
        var model = trainer.Fit(Table.View(context, [.. fitted.Select(row => rows[row])]));
        var shares = Table.Column(model.Transform(Table.View(context, rows)), "Score");
        float[] mean = [.. Enumerable.Range(0, varying.Length).Select(c => fitted.Average(row => rows[row][c]))];
        return [.. rows.Select((row, n) =>
        {
            var share = Math.Clamp(float.IsFinite(shares[n]) ? shares[n] : 0, 0, 1);
            return Math.Sqrt((share * share * Square([.. row.Zip(mean, (value, middle) => value - middle)])) + Square(all[n]) - Square(row));
        })];
    }

    private static double Square(float[] row) => row.Sum(value => (double)value * value);

    private static int Farthest(float[] row) => Array.IndexOf(row, row.MaxBy(Math.Abs));
}
