using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Orchestrator.Analyzers.MLNet;

/// <summary>
/// A linear model over axes: numbers in units of their standard deviation, words as one column
/// each.
/// </summary>
internal static class LinearModel
{
    private const int MostWords = 20;

    /// <summary>Of runs left out.</summary>
    public static float[] Predict(IReadOnlyList<Axis> axes, float[] response, int[] kept, int[] left)
    {
        var (context, rows) = (Table.Context(), Rows(axes));
        var (model, mean, spread) = Fit(context, rows, response, kept);
        return [.. Table.Column(model.Transform(Table.View(context, [.. left.Select(n => rows[n])])), "Score").Select(score => (score * spread) + mean)];
    }

    /// <summary>The coefficient of each axis, in units of the outcome; NaN for words.</summary>
    public static double[] Coefficients(IReadOnlyList<Axis> axes, float[] response)
    {
        var (model, _, spread) = Fit(Table.Context(), Rows(axes), response, [.. Enumerable.Range(0, response.Length)]);
        var (weights, at) = (model.Model.Weights, 0);
        return [.. axes.Select(axis =>
        {
            var first = at;
            at += Width(axis);
            return axis.IsNumeric ? weights[first] * (double)spread : double.NaN;
        })];
    }

    private static (RegressionPredictionTransformer<LinearRegressionModelParameters> Model, float Mean, float Spread) Fit(
        MLContext context, float[][] rows, float[] response, int[] kept)
    {
        float[] labels = [.. kept.Select(n => response[n])];
        var mean = labels.Average();
        var spread = (float)Math.Sqrt(labels.Average(label => (label - mean) * (label - mean)));
        spread = spread > 0 ? spread : 1;
        var trainer = context.Regression.Trainers.Sdca(new SdcaRegressionTrainer.Options
        {
            NumberOfThreads = 1,
            MaximumNumberOfIterations = 200,
            L2Regularization = 0.001f,
            L1Regularization = 0,

            // The outcomes are centred. A bias that is learned beside them can diverge.
            BiasLearningRate = 0,
            LabelColumnName = Table.Label,
            FeatureColumnName = Table.Features,
        });
        return (trainer.Fit(Table.View(context, [.. kept.Select(n => rows[n])], [.. labels.Select(label => (label - mean) / spread)])), mean, spread);
    }

    private static float[][] Rows(IReadOnlyList<Axis> axes)
    {
        var columns = axes.SelectMany(Columns).ToList();
        return [.. Enumerable.Range(0, axes[0].Values.Length).Select(row => columns.Select(column => column[row]).ToArray())];
    }

    private static int Width(Axis axis) => axis.IsNumeric ? 1 : Math.Min(MostWords, axis.Values.Distinct().Count());

    private static IEnumerable<float[]> Columns(Axis axis)
    {
        if (!axis.IsNumeric)
        {
            return axis.Values.Distinct().Order().Take(MostWords).Select(word => axis.Values.Select(value => value == word ? 1f : 0f).ToArray());
        }

        var mean = axis.Values.Average();
        var spread = (float)Math.Sqrt(axis.Values.Average(value => (value - mean) * (value - mean)));
        return [[.. axis.Values.Select(value => spread > 0 ? (value - mean) / spread : 0)]];
    }
}
