using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Orchestrator.Numerics;

namespace Orchestrator.Analyzers.MLNet;

/// <summary>What a fit says of an axis.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Importance">By how much R² of the runs left out, of all folds together, falls when
/// it is shuffled.</param>
/// <param name="Partial">Mean prediction over all runs with the axis at each of its values.</param>
/// <param name="Linear">Coefficient of the linear model, per standard deviation of the axis; NaN
/// where its values are words.</param>
internal sealed record AxisFit(Axis Axis, double Importance, IReadOnlyList<(string Text, double Value)> Partial, double Linear)
{
    public (string Text, double Value) Least => Partial.MinBy(point => point.Value);

    public (string Text, double Value) Most => Partial.MaxBy(point => point.Value);
}

/// <summary>
/// A forest over axes and a shuffled copy of each, cross-validated; a linear model beside it.
/// </summary>
/// <param name="R2">Of runs left out; may be negative.</param>
/// <param name="LinearR2">The linear model's.</param>
/// <param name="LargestShadow">The largest importance of a shuffled copy, at least 0.</param>
/// <param name="Axes">In the order given.</param>
internal sealed record ForestFit(double R2, double LinearR2, double LargestShadow, IReadOnlyList<AxisFit> Axes)
{
    private const int Trees = 100;
    private const int Permutations = 5;
    private const int MostValues = 12;

    /// <summary>Fits the outcomes.</summary>
    public static ForestFit Of(IReadOnlyList<Axis> axes, float[] response, FactorsOptions options, CancellationToken stop)
    {
        var importance = new double[2 * axes.Count];
        var (predicted, linear) = (new double[response.Length], new double[response.Length]);
        for (var repeat = 0; repeat < options.Repeats; repeat++)
        {
            var (rows, folded) = (Rows(axes, repeat), 0);
            foreach (var fold in Folds(response.Length, options.Folds, repeat))
            {
                stop.ThrowIfCancellationRequested();
                var (kept, left) = Split(response.Length, fold);
                var context = Table.Context();
                var model = Forest(context).Fit(Table.View(context, [.. kept.Select(n => rows[n])], [.. kept.Select(n => response[n])]));
                var unseen = model.Transform(Table.View(context, [.. left.Select(n => rows[n])], [.. left.Select(n => response[n])]));
                Add(predicted, left, Table.Column(unseen, "Score"));
                AddImportance(importance, context, model, [.. left.Select(n => rows[n])], [.. left.Select(n => response[n])], new RandomStreams(1).Open("factors-importance", repeat, folded++));
                Add(linear, left, LinearModel.Predict(axes, response, kept, left));
            }
        }

        // Over the variance of all: outcomes of one fold may be nearly equal.
        var total = options.Repeats * Variation(response);
        double[] relative = [.. importance.Select(rise => total > 0 ? rise / total : 0)];
        double[] mean = [.. predicted.Select(sum => sum / options.Repeats)];
        double[] straight = [.. linear.Select(sum => sum / options.Repeats)];
        var coefficients = LinearModel.Coefficients(axes, response);
        var whole = Whole(axes, response);
        return new(
            RSquared(response, mean), RSquared(response, straight), Math.Max(0, relative.Skip(axes.Count).Max()),
            [.. axes.Select((axis, n) => new AxisFit(axis, relative[n], Partial(axes, n, whole), coefficients[n]))]);
    }

    /// <summary>R² of the same forest where outcomes are dealt to the runs at random.</summary>
    public static double Shuffled(IReadOnlyList<Axis> axes, float[] response, FactorsOptions options, CancellationToken stop)
    {
        var dealt = (float[])response.Clone();
        Shuffle(dealt, new RandomStreams(1).Open("factors-control"));
        var (rows, predicted) = (Rows(axes, 0), new double[dealt.Length]);
        foreach (var fold in Folds(dealt.Length, options.Folds, 0))
        {
            stop.ThrowIfCancellationRequested();
            var (kept, left) = Split(dealt.Length, fold);
            var context = Table.Context();
            var model = Forest(context).Fit(Table.View(context, [.. kept.Select(n => rows[n])], [.. kept.Select(n => dealt[n])]));
            Add(predicted, left, Table.Column(model.Transform(Table.View(context, [.. left.Select(n => rows[n])])), "Score"));
        }

        return RSquared(dealt, predicted);
    }

    // Small leaves: a cell of a sweep has a few runs. One thread: the same bits each time.
    private static FastForestRegressionTrainer Forest(MLContext context) => context.Regression.Trainers.FastForest(new FastForestRegressionTrainer.Options
    {
        NumberOfTrees = Trees,
        NumberOfLeaves = 16,
        MinimumExampleCountPerLeaf = 2,
        FeatureFractionPerSplit = 0.7,
        NumberOfThreads = 1,
        Seed = 1,
        FeatureSelectionSeed = 1,
        LabelColumnName = Table.Label,
        FeatureColumnName = Table.Features,
    });

    private static float[][] Rows(IReadOnlyList<Axis> axes, int repeat)
    {
        var shadows = axes.Select((axis, n) =>
        {
            var values = (float[])axis.Values.Clone();
            Shuffle(values, new RandomStreams(1).Open("factors-shadow", n, repeat));
            return values;
        }).ToList();
        return [.. Enumerable.Range(0, axes[0].Values.Length).Select(row => axes.Select(axis => axis.Values[row]).Concat(shadows.Select(shadow => shadow[row])).ToArray())];
    }

    // By how much the squared errors of runs left out rise when a column is shuffled among them.
    private static void AddImportance(double[] importance, MLContext context, ITransformer model, float[][] rows, float[] response, RandomStream random)
    {
        float[] Predicted(float[][] asked) => Table.Column(model.Transform(Table.View(context, asked)), "Score");
        double Errors(float[] predicted) => predicted.Select((value, n) => Square(value - response[n % response.Length])).Sum();

        var before = Errors(Predicted(rows));
        for (var column = 0; column < importance.Length; column++)
        {
            var shuffled = new List<float[]>(Permutations * rows.Length);
            float[] values = [.. rows.Select(row => row[column])];
            for (var permutation = 0; permutation < Permutations; permutation++)
            {
                Shuffle(values, random);
                shuffled.AddRange(rows.Select((row, n) => row.Select((other, c) => c == column ? values[n] : other).ToArray()));
            }

            importance[column] += (Errors(Predicted([.. shuffled])) / Permutations) - before;
        }
    }

    private static (MLContext Context, ITransformer Model, float[][] Rows) Whole(IReadOnlyList<Axis> axes, float[] response)
    {
        var context = Table.Context();
        float[][] rows = [.. Enumerable.Range(0, response.Length).Select(row => axes.Select(axis => axis.Values[row]).ToArray())];
        return (context, Forest(context).Fit(Table.View(context, rows, response)), rows);
    }

    private static List<(string Text, double Value)> Partial(IReadOnlyList<Axis> axes, int axis, (MLContext Context, ITransformer Model, float[][] Rows) whole)
    {
        var values = axes[axis].Values.Zip(axes[axis].Texts).DistinctBy(pair => pair.First).OrderBy(pair => pair.First).ToList();
        var step = (values.Count + MostValues - 1) / MostValues;
        return [.. values.Where((_, n) => n % step == 0).Select(value =>
        {
            float[][] rows = [.. whole.Rows.Select(row => row.Select((other, n) => n == axis ? value.First : other).ToArray())];
            return (value.Second, Table.Column(whole.Model.Transform(Table.View(whole.Context, rows)), "Score").Average(score => (double)score));
        })];
    }

    private static double RSquared(float[] response, double[] predicted)
    {
        var total = Variation(response);
        return total > 0 ? 1 - (response.Zip(predicted, (value, other) => Square(value - other)).Sum() / total) : 0;
    }

    private static double Variation(float[] response)
    {
        var mean = response.Average(value => (double)value);
        return response.Sum(value => Square(value - mean));
    }

    private static double Square(double value) => value * value;

    private static IEnumerable<int[]> Folds(int count, int folds, int repeat)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        Shuffle(order, new RandomStreams(1).Open("factors-folds", repeat));
        return Enumerable.Range(0, folds).Select(fold => order.Where((_, n) => n % folds == fold).Order().ToArray());
    }

    private static (int[] Kept, int[] Left) Split(int count, int[] left) => ([.. Enumerable.Range(0, count).Except(left)], left);

    private static void Add(double[] sums, int[] rows, float[] values)
    {
        for (var n = 0; n < rows.Length; n++)
        {
            sums[rows[n]] += values[n];
        }
    }

    private static void Shuffle<T>(T[] values, RandomStream random)
    {
        for (var n = values.Length - 1; n > 0; n--)
        {
            var other = random.Next(n + 1);
            (values[n], values[other]) = (values[other], values[n]);
        }
    }
}
