using Orchestrator.Abstractions;
using Orchestrator.Numerics;
using Xunit;

namespace Orchestrator.Testing;

/// <summary>What every model must keep to; a model's test class inherits it.</summary>
public abstract class ModelContract : IPluginContract
{
    private const int LargestBatch = 6;

    private readonly RandomStreams streams = new(3);
    private IObjective? objective;

    /// <summary>A model with typical options; any two are equal.</summary>
    public abstract IModel Create();

    object IPluginContract.NewSubject() => Create();

    /// <summary>
    /// The data that it is built for; the default has five features and three classes.
    /// </summary>
    public virtual DatasetShape Data => new([5], ["a", "b", "c"], 100, 20);

    /// <summary>
    /// Whether the gradient is that of the loss; false where noise of the model's own is in it.
    /// </summary>
    public virtual bool GradientIsExact => true;

    private IObjective Objective => objective ??= Create().Build(Data);

    /// <summary>
    /// Tensors of parameters and of buffers have names of their own, and lie one behind the other
    /// without gaps.
    /// </summary>
    [Fact]
    public void Tensors_are_named_and_leave_no_gaps()
    {
        Assert.NotEmpty(Objective.Layout.Parameters);
        foreach (var tensors in (IReadOnlyList<NamedTensor>[])[Objective.Layout.Parameters, Objective.Layout.Buffers])
        {
            var end = 0;
            foreach (var tensor in tensors)
            {
                Assert.True(tensor.Offset == end, $"{tensor.Name} begins at {tensor.Offset}; what comes before it ends at {end}.");
                end += tensor.Length;
            }

            Assert.Equal(tensors.Count, tensors.Select(tensor => tensor.Name).Distinct(StringComparer.Ordinal).Count());
        }
    }

    /// <summary>
    /// One stream gives one start, finite, whatever the memory held before; on any instance.
    /// </summary>
    [Fact]
    public void One_stream_gives_one_start()
    {
        var (parameters, buffers) = Start(Objective, before: 0);
        var (again, buffersAgain) = Start(Create().Build(Data), before: float.NaN);
        Vectors.AssertSameBits(parameters, again, "parameters of another instance");
        Vectors.AssertSameBits(buffers, buffersAgain, "buffers of another instance");
        Assert.True(Array.TrueForAll(parameters, float.IsFinite) && Array.TrueForAll(buffers, float.IsFinite), "A start is not finite.");
    }

    /// <summary>
    /// A batch of one sample has a loss, a gradient and buffers to push that are finite: the last
    /// one of an epoch may be that small.
    /// </summary>
    [Fact]
    public void One_sample_is_a_batch()
    {
        using var replica = Objective.CreateReplica(LargestBatch);
        var (parameters, buffers) = Start(Objective, before: 0);
        var (inputs, labels, values) = Samples(1, first: 0);
        var (gradient, pushed) = (new float[parameters.Length], new float[buffers.Length]);
        var loss = replica.Gradient(parameters, buffers, new Batch(inputs, labels, 1, values), streams.Open("dropout", 0, 1), gradient, pushed);
        Assert.True(double.IsFinite(loss), $"The loss is {loss}.");
        Assert.True(Array.TrueForAll(gradient, float.IsFinite), "The gradient is not finite.");
        Assert.True(Array.TrueForAll(pushed, float.IsFinite), "What is pushed of the buffers is not finite.");
    }

    /// <summary>
    /// The gradient's product with a direction is the slope of the loss along it, measured by a
    /// small step to either side; where <see cref="GradientIsExact"/>.
    /// </summary>
    [Fact]
    public void The_gradient_is_the_slope_of_the_loss()
    {
        Assert.SkipUnless(GradientIsExact, "The model's gradients are noisy.");
        const float Step = 1e-2f;
        using var replica = Objective.CreateReplica(LargestBatch);
        var (parameters, _) = Start(Objective, before: 0);
        var gradient = Compute(replica, parameters, batch: 1).Gradient;
        foreach (var direction in Directions(gradient))
        {
            var slope = (Loss(Step) - Loss(-Step)) / (2 * Step);
            var expected = gradient.Zip(direction, (g, d) => (double)g * d).Sum();
            Assert.True(
                Math.Abs(slope - expected) <= 5e-3 * (1 + Math.Abs(expected)),
                $"The loss rises by {slope} per unit along a direction; the gradient says {expected}.");

            double Loss(float step) => Compute(replica, [.. parameters.Zip(direction, (p, d) => p + (step * d))], batch: 1).Loss;
        }
    }

    /// <summary>
    /// Loss, gradient and pushed buffers of a batch are the same bits on any replica, whatever it
    /// computed before and whatever the memory held.
    /// </summary>
    [Fact]
    public void Any_replica_gives_the_same_bits()
    {
        var (parameters, _) = Start(Objective, before: 0);
        using var fresh = Objective.CreateReplica(LargestBatch);
        using var used = Create().Build(Data).CreateReplica(LargestBatch);
        Compute(used, [.. parameters.Select(p => p + 1)], batch: 7);
        Evaluate(used, [.. parameters.Select(p => p - 1)], rows: LargestBatch, first: 3);
        AssertSame(Compute(fresh, parameters, batch: 1), Compute(used, parameters, batch: 1, before: float.NaN), "on a used replica");
    }

    /// <summary>Replicas compute on many threads at once what they compute alone.</summary>
    [Fact]
    public void Replicas_may_compute_at_once()
    {
        var (parameters, _) = Start(Objective, before: 0);
        using var alone = Objective.CreateReplica(LargestBatch);
        var expected = Enumerable.Range(0, 40).Select(batch => Compute(alone, parameters, batch)).ToArray();
        Parallel.For(0, 4, _ =>
        {
            using var replica = Objective.CreateReplica(LargestBatch);
            for (var batch = 0; batch < expected.Length; batch++)
            {
                AssertSame(expected[batch], Compute(replica, parameters, batch), "beside other threads");
            }
        });
    }

    /// <summary>
    /// An evaluation sums over its samples: in one batch or one by one, predictions are the same,
    /// and losses but for rounding. A prediction is a class.
    /// </summary>
    [Fact]
    public void An_evaluation_sums_over_its_samples()
    {
        var (parameters, _) = Start(Objective, before: 0);
        using var replica = Objective.CreateReplica(LargestBatch);
        var (whole, predictions) = Evaluate(replica, parameters, LargestBatch, first: 0);
        var single = Enumerable.Range(0, LargestBatch).Select(row => Evaluate(replica, parameters, 1, row)).ToList();
        Assert.Equal(single.Sum(one => one.Loss), whole, 1e-5 * (1 + Math.Abs(whole)));
        Assert.Equal(single.SelectMany(one => one.Predictions), predictions);
        Assert.All(predictions, prediction => Assert.InRange(prediction, 0, Data.Classes - 1));
    }

    /// <summary>Once warm, a gradient and an evaluation allocate no memory.</summary>
    [Fact]
    public void Computing_allocates_nothing()
    {
        var (parameters, buffers) = Start(Objective, before: 0);
        var (inputs, labels, values) = Samples(LargestBatch, first: 0);
        var (gradient, pushed, predictions) = (new float[parameters.Length], new float[buffers.Length], new int[Data.Classes > 0 ? LargestBatch : 0]);
        var random = streams.Open("dropout", 0, 0);
        using var replica = Objective.CreateReplica(LargestBatch);
        Run();
        Allocations.AssertNone(Run, "A gradient and an evaluation");

        void Run()
        {
            replica.Gradient(parameters, buffers, new Batch(inputs, labels, LargestBatch, values), random, gradient, pushed);
            replica.Evaluate(parameters, buffers, new Batch(inputs, labels, LargestBatch, values), predictions);
        }
    }

    private static void AssertSame(Computed expected, Computed actual, string where)
    {
        Assert.Equal(expected.Loss, actual.Loss);
        Vectors.AssertSameBits(expected.Gradient, actual.Gradient, $"gradient {where}");
        Vectors.AssertSameBits(expected.Buffers, actual.Buffers, $"pushed buffers {where}");
    }

    private (float[] Parameters, float[] Buffers) Start(IObjective of, float before)
    {
        var (parameters, buffers) = (new float[of.Layout.Length], new float[of.Layout.BufferLength]);
        Array.Fill(parameters, before);
        Array.Fill(buffers, before);
        of.Initialize(streams.Open("init"), parameters, buffers);
        return (parameters, buffers);
    }

    private Computed Compute(IReplica replica, float[] parameters, int batch, float before = 0)
    {
        var (inputs, labels, values) = Samples(LargestBatch - 1, batch * LargestBatch);
        var (_, buffers) = Start(Objective, before: 0);
        var (gradient, pushed) = (new float[parameters.Length], new float[buffers.Length]);
        Array.Fill(gradient, before);
        Array.Fill(pushed, before);
        var loss = replica.Gradient(
            parameters, buffers, new Batch(inputs, labels, LargestBatch - 1, values), streams.Open("dropout", 0, batch), gradient, pushed);
        return new Computed(loss, gradient, pushed);
    }

    private (double Loss, int[] Predictions) Evaluate(IReplica replica, float[] parameters, int rows, int first)
    {
        var (inputs, labels, values) = Samples(rows, first);
        var predictions = new int[Data.Classes > 0 ? rows : 0];
        return (replica.Evaluate(parameters, Start(Objective, before: 0).Buffers, new Batch(inputs, labels, rows, values), predictions), predictions);
    }

    // Rows first .. of an endless table.
    private (float[] Inputs, int[] Labels, float[] Values) Samples(int rows, int first)
    {
        var (inputs, labels, values) = (new float[rows * Data.SampleLength], new int[Data.Classes > 0 ? rows : 0], new float[rows * Data.Values]);
        for (var row = 0; row < rows; row++)
        {
            var random = streams.Open("samples", first + row);
            foreach (ref var input in inputs.AsSpan(row * Data.SampleLength, Data.SampleLength))
            {
                input = (2 * random.NextSingle()) - 1;
            }

            if (labels.Length > 0)
            {
                labels[row] = random.Next(Data.Classes);
            }

            foreach (ref var value in values.AsSpan(row * Data.Values, Data.Values))
            {
                value = (4 * random.NextSingle()) - 2;
            }
        }

        return (inputs, labels, values);
    }

    // Of length 1: the gradient's own, along which the loss changes most, and two drawn ones.
    private IEnumerable<float[]> Directions(float[] gradient)
    {
        yield return Unit(gradient);
        var random = streams.Open("directions");
        for (var i = 0; i < 2; i++)
        {
            yield return Unit([.. gradient.Select(_ => (2 * random.NextSingle()) - 1)]);
        }
    }

    private static float[] Unit(float[] vector)
    {
        var norm = Math.Sqrt(FixedOrder.SumOfSquares(vector));
        Assert.True(norm > 0, "The gradient is zero.");
        return [.. vector.Select(element => (float)(element / norm))];
    }

    private sealed record Computed(double Loss, float[] Gradient, float[] Buffers);
}
