using Microsoft.ML;
using Microsoft.ML.Data;

namespace Orchestrator.Analyzers.MLNet;

/// <summary>
/// Numbers as ML.NET takes them, and its context, with one seed for all that it draws.
/// </summary>
internal static class Table
{
    public const string Features = nameof(Row.Features);
    public const string Label = nameof(Row.Label);

    /// <summary>
    /// A context of its own for each analysis: what one draws must not shift another.
    /// </summary>
    public static MLContext Context() => new(seed: 1);

    /// <param name="context">The context.</param>
    /// <param name="features">Rows of equal length.</param>
    /// <param name="labels">One for each row; none where there is nothing to predict.</param>
    public static IDataView View(MLContext context, IReadOnlyList<float[]> features, IReadOnlyList<float>? labels = null)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[Features].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features[0].Length);
        return context.Data.LoadFromEnumerable(features.Select((row, n) => new Row { Features = row, Label = labels?[n] ?? 0 }), schema);
    }

    /// <summary>A column of predictions.</summary>
    public static float[] Column(IDataView view, string name) => [.. view.GetColumn<float>(view.Schema[name])];

    /// <summary>
    /// The columns in units of their spread (1.4826 times the median absolute deviation, or the
    /// standard deviation where that is 0, and at least the floor) around their medians, not beyond
    /// a limit.
    /// </summary>
    public static IReadOnlyList<float[]> Scaled(IReadOnlyList<double[]> rows, double floor, double limit)
    {
        var scaled = rows.Select(row => new float[row.Length]).ToList();
        for (var c = 0; c < rows[0].Length; c++)
        {
            double[] column = [.. rows.Select(row => row[c])];
            var middle = Median(column);
            var spread = 1.4826 * Median([.. column.Select(value => Math.Abs(value - middle))]);
            spread = Math.Max(floor, spread > 0 ? spread : Math.Sqrt(column.Average(value => (value - middle) * (value - middle))));
            for (var r = 0; r < rows.Count; r++)
            {
                scaled[r][c] = (float)Math.Clamp((column[r] - middle) / spread, -limit, limit);
            }
        }

        return scaled;
    }

    public static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
