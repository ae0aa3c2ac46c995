using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Engine;

/// <summary>
/// Evaluates parameters on the test samples, and on the other sets that the plan names, on all
/// cores. Samples are cut into fixed chunks whose
/// losses are added in order, so the number of cores changes no bit.
/// </summary>
internal sealed class Evaluator(Experiment experiment, int? recalibrationBatches = null) : IDisposable
{
    private readonly ConcurrentBag<Scorer> scorers = [];
    private readonly int recalibration = recalibrationBatches ?? experiment.Objective.RecalibrationBatches;
    private readonly RandomStreams streams = experiment.Streams;

    /// <param name="vector">Parameters, then buffers; not changed while this runs.</param>
    /// <param name="record">Everything but the results.</param>
    /// <param name="stop">Asked between chunks.</param>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    public Evaluation Evaluate(NativeVector vector, EvaluationRecord record, CancellationToken stop)
    {
        var started = WallTime.Now;
        var confusions = new List<ConfusionRecord>();
        using var buffers = Buffers(vector, stop);
        var (test, largestShare) = Score(SampleSet.Test, experiment.Data.Test);
        record = record with
        {
            TestLoss = test.Loss,
            TestAccuracy = test.Accuracy,
            LargestPredictedShare = largestShare,
            ParameterNorm = Math.Sqrt(FixedOrder.SumOfSquares(vector.Slice(0, experiment.Objective.Layout.Length))),
            Train = experiment.Evaluation.Train ? Score(SampleSet.Train, experiment.Data.Train).Score : null,
            Validation = experiment.Validation is { } held ? Score(SampleSet.Validation, held).Score : null,
            Duration = WallTime.Now - started,
        };
        return new Evaluation(record, confusions);

        (SetScore Score, double LargestShare) Score(SampleSet set, ISamples samples)
        {
            var (loss, predictions) = Predict(samples, vector, buffers, stop);
            var (accuracy, share) = Accuracy(samples.Labels, predictions);
            if (experiment.Evaluation.PerClass)
            {
                confusions.AddRange(Confusions(record, set, samples.Labels, predictions));
            }

            return (new SetScore(loss, accuracy), share);
        }
    }

    public void Dispose()
    {
        foreach (var scorer in scorers)
        {
            scorer.Replica.Dispose();
            scorer.Inputs.Dispose();
        }
    }

    private (double MeanLoss, int[] Predictions) Predict(ISamples samples, NativeVector vector, NativeVector buffers, CancellationToken stop)
    {
        var chunks = (samples.Count + IObjective.EvaluatedAtOnce - 1) / IObjective.EvaluatedAtOnce;
        var losses = new double[chunks];
        var predictions = new int[samples.Count];
        Array.Fill(predictions, -1);
        try
        {
            Parallel.For(0, chunks, new ParallelOptions { MaxDegreeOfParallelism = experiment.Cores, CancellationToken = stop }, chunk =>
            {
                var first = chunk * IObjective.EvaluatedAtOnce;
                var count = Math.Min(IObjective.EvaluatedAtOnce, samples.Count - first);
                losses[chunk] = Chunk(samples, vector.Slice(0, experiment.Objective.Layout.Length), buffers.Span, first, predictions.AsSpan(first, count));
            });
        }
        catch (AggregateException failures)
        {
            // What the others threw is no news.
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }

        var loss = 0.0;
        foreach (var part in losses)
        {
            loss += part;
        }

        return (loss / samples.Count, predictions);
    }

    private double Chunk(ISamples samples, ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers, int first, Span<int> predictions)
    {
        var count = predictions.Length;
        Span<int> rows = stackalloc int[IObjective.EvaluatedAtOnce];
        for (var i = 0; i < count; i++)
        {
            rows[i] = first + i;
        }

        var labels = samples.Labels.IsEmpty ? default : samples.Labels.Slice(first, count);
        var width = experiment.Shape.Values;
        var values = samples.Values.IsEmpty ? default : samples.Values.Slice(first * width, count * width);
        var scorer = Take();
        try
        {
            var inputs = scorer.Inputs.Slice(0, count * experiment.Shape.SampleLength);
            samples.Gather(rows[..count], inputs);
            return scorer.Replica.Evaluate(parameters, buffers, new Batch(inputs, labels, count, values), predictions);
        }
        finally
        {
            scorers.Add(scorer);
        }
    }

    private Scorer Take()
    {
        if (scorers.TryTake(out var free))
        {
            return free;
        }

        var largest = recalibration > 0 ? Math.Max(IObjective.EvaluatedAtOnce, experiment.BatchSize) : IObjective.EvaluatedAtOnce;
        return new Scorer(experiment.Objective.CreateReplica(largest), new NativeVector(checked(largest * experiment.Shape.SampleLength)));
    }

    private (double Percent, double LargestShare) Accuracy(ReadOnlySpan<int> labels, int[] predictions)
    {
        if (labels.IsEmpty || experiment.Shape.Classes == 0)
        {
            return (double.NaN, double.NaN);
        }

        var correct = 0;
        var given = new int[experiment.Shape.Classes];
        for (var i = 0; i < labels.Length; i++)
        {
            correct += predictions[i] == labels[i] ? 1 : 0;
            if ((uint)predictions[i] < (uint)given.Length)
            {
                given[predictions[i]]++;
            }
        }

        return (100.0 * correct / labels.Length, (double)given.Max() / labels.Length);
    }

    private List<ConfusionRecord> Confusions(EvaluationRecord record, SampleSet set, ReadOnlySpan<int> labels, int[] predictions)
    {
        var classes = experiment.Shape.Classes;
        var counts = new long[classes][];
        for (var label = 0; label < classes; label++)
        {
            counts[label] = new long[classes];
        }

        for (var i = 0; i < labels.Length; i++)
        {
            if ((uint)predictions[i] < (uint)classes)
            {
                counts[labels[i]][predictions[i]]++;
            }
        }

        return [.. counts.Select((predicted, label) => new ConfusionRecord(record.Event, record.Version, set, label, predicted))];
    }

    // The server's buffers, or (recalibration) the mean of what training batches give at these
    // parameters.
    private NativeVector Buffers(NativeVector vector, CancellationToken stop)
    {
        var layout = experiment.Objective.Layout;
        var buffers = new NativeVector(layout.BufferLength);
        vector.Span[layout.Length..].CopyTo(buffers.Span);
        if (layout.BufferLength == 0 || recalibration == 0)
        {
            return buffers;
        }

        var (count, batches) = (experiment.BatchSize, recalibration);
        var scorer = Take();
        var inputs = scorer.Inputs.Slice(0, count * experiment.Shape.SampleLength);
        using var gradient = new NativeVector(layout.Length);
        using var pushed = new NativeVector(layout.BufferLength);
        using var sum = new NativeVector(layout.BufferLength);
        var (rows, labels, train, width) = (new int[count], new int[count], experiment.Data.Train, experiment.Shape.Values);
        var values = new float[count * width];
        try
        {
            for (var batch = 0; batch < batches; batch++)
            {
                stop.ThrowIfCancellationRequested();
                var draw = streams.Open("recalibration", batch);
                for (var i = 0; i < count; i++)
                {
                    rows[i] = draw.Next(train.Count);
                    labels[i] = train.Labels.IsEmpty ? 0 : train.Labels[rows[i]];
                    (train.Values.IsEmpty ? default : train.Values.Slice(rows[i] * width, width)).CopyTo(values.AsSpan(i * width));
                }

                train.Gather(rows, inputs);
                scorer.Replica.Gradient(vector.Slice(0, layout.Length), buffers.Span, new Batch(inputs, labels, count, values), draw, gradient.Span, pushed.Span);
                for (var i = 0; i < layout.BufferLength; i++)
                {
                    sum.Span[i] += pushed.Span[i] / batches;
                }
            }
        }
        finally
        {
            scorers.Add(scorer);
        }

        sum.Span.CopyTo(buffers.Span);
        return buffers;
    }

    // What one core evaluates with: taken anew for each chunk, the system would hand out, clear and
    // take back the inputs' memory thousands of times.
    private sealed record Scorer(IReplica Replica, NativeVector Inputs);
}

/// <summary>What an evaluation came to.</summary>
/// <param name="Record">Its row.</param>
/// <param name="Confusions">What the samples of each class were taken for; empty where nobody
/// asks.</param>
internal sealed record Evaluation(EvaluationRecord Record, IReadOnlyList<ConfusionRecord> Confusions);
