using Orchestrator.Abstractions;
using Orchestrator.Engine;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs.Tests;

/// <summary>Evaluation of more than the test samples.</summary>
public sealed class EvaluationSetsTests : IDisposable
{
    private const string Both = "evaluation.sets={\"train\":true,\"validation\":{\"share\":0.25}}";

    private readonly Laboratory laboratory = new();

    public void Dispose() => laboratory.Dispose();

    [Fact]
    public void FoldsOfOneSeed_AreTogetherAllTrainingSamplesOnce_AndTheRestIsTrainedWith()
    {
        var all = Sorted(Build().Data.Train);
        Experiment[] folds = [.. Enumerable.Range(0, 3).Select(fold => Build($"evaluation.sets.validation={{\"folds\":3,\"fold\":{fold}}}"))];

        Assert.Equal([133, 133, 134], folds.Select(fold => fold.Validation!.Count));
        Assert.Equal(all, folds.SelectMany(fold => Texts(fold.Validation!)).Order(StringComparer.Ordinal));
        Assert.All(folds, fold => Assert.Equal(all, Texts(fold.Validation!).Concat(Texts(fold.Data.Train)).Order(StringComparer.Ordinal)));
        Assert.All(folds, fold => Assert.Equal(fold.Shape.TrainCount, fold.Data.Train.Count));
        Assert.All(folds, fold => Assert.Equal(fold.Data.Train.Count, fold.Partitions.Sum(rows => rows.Length)));
    }

    [Fact]
    public void WhatIsKept_FollowsTheSeed_UnlessItsStreamIsGiven()
    {
        string[] Kept(params string[] sets) => [.. Texts(Build([Both, .. sets]).Validation!)];

        Assert.Equal(Kept("seed=4"), Kept("seed=4", "streams.partition=9"));
        Assert.NotEqual(Kept("seed=4"), Kept("seed=5"));
        Assert.Equal(Kept("seed=4", "streams.validation=1"), Kept("seed=5", "streams.validation=1"));
    }

    [Fact]
    public void EvaluatingTheTrainingSamples_ChangesNoStepOfTheRun()
    {
        var (plain, more) = (Run(), Run("evaluation.sets.train=true"));

        Assert.Equal(Steps(plain), Steps(more));
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(plain.Folder, "parameters.safetensors")), File.ReadAllBytes(Path.Combine(more.Folder, "parameters.safetensors")));
        Assert.Equal(Evaluations(plain), Evaluations(more).Select(e => e with { Train = null }));
        Assert.NotEqual(plain.Digest, more.Digest);
        Assert.Null(plain.TrainAccuracy);
        Assert.DoesNotContain("train", File.ReadLines(Path.Combine(plain.Folder, "evaluations.csv")).First(), StringComparison.Ordinal);
    }

    [Fact]
    public void LossAndAccuracyOfEachSet_AreThoseOfTheFinalParametersOnIt()
    {
        var run = Run(Both);
        var last = Evaluations(run)[^1];

        // The final parameters, as another run starts from them.
        var experiment = Build(Both, $"initial.from={run.Folder}");
        Assert.Equal((300, 100), (experiment.Data.Train.Count, experiment.Validation!.Count));
        IsScore(Score(experiment, experiment.Data.Train), last.Train!.Value);
        IsScore(Score(experiment, experiment.Validation), last.Validation!.Value);
        IsScore(Score(experiment, experiment.Data.Test), new SetScore(last.TestLoss, last.TestAccuracy));
        Assert.Equal((last.Train.Value.Accuracy, last.Train.Value.Loss), (run.TrainAccuracy, run.TrainLoss));
        Assert.Equal((last.Validation.Value.Accuracy, last.Validation.Value.Loss), (run.ValidationAccuracy, run.ValidationLoss));
    }

    [Fact]
    public void CountsPerClass_AddUpToTheAccuracies_AndChangeNoDigest()
    {
        var (plain, counted) = (Run(Both), Run(Both, "evaluation.perClass=true"));
        using var rows = RunRows.Confusions(counted.Folder)!;
        var confusions = rows.ReadAll().ToList();
        var evaluations = Evaluations(counted);

        Assert.Equal(plain.Digest, counted.Digest);
        Assert.Null(RunRows.Confusions(plain.Folder));
        Assert.Equal(evaluations.Length * 3 * 10, confusions.Count);
        foreach (var matrix in confusions.GroupBy(row => (row.Version, row.Set)))
        {
            var evaluation = evaluations.Single(e => e.Version == matrix.Key.Version);
            var (accuracy, count) = matrix.Key.Set switch
            {
                SampleSet.Train => (evaluation.Train!.Value.Accuracy, 300),
                SampleSet.Validation => (evaluation.Validation!.Value.Accuracy, 100),
                _ => (evaluation.TestAccuracy, 100),
            };
            Assert.Equal(Enumerable.Range(0, 10), matrix.Select(row => row.Class));
            Assert.Equal(count, matrix.Sum(row => row.Predicted.Sum()));
            Assert.Equal(accuracy, 100.0 * matrix.Sum(row => row.Predicted[row.Class]) / count);
        }
    }

    [Fact]
    public void Regression_HasLossesAndNoAccuracy()
    {
        var run = Run("dataset={\"type\":\"quadratic\"}", "model={\"type\":\"quadratic\"}", "evaluation.sets.train=true", "stop.updates=20");

        Assert.NotNull(run.TrainLoss);
        Assert.Null(run.TrainAccuracy);
    }

    private static void IsScore(SetScore expected, SetScore actual)
    {
        Assert.Equal(expected.Accuracy, actual.Accuracy, 1e-9);
        Assert.Equal(expected.Loss, actual.Loss, 1e-6);
    }

    private static SetScore Score(Experiment experiment, ISamples samples)
    {
        var layout = experiment.Objective.Layout;
        var (parameters, buffers) = (new float[layout.Length], new float[layout.BufferLength]);
        experiment.Objective.Initialize(new Random(1), parameters, buffers);
        var inputs = new float[samples.Count * experiment.Shape.SampleLength];
        samples.Gather([.. Enumerable.Range(0, samples.Count)], inputs);
        var predictions = new int[samples.Count];
        using var replica = experiment.Objective.CreateReplica(samples.Count);
        var loss = replica.Evaluate(parameters, buffers, new Batch(inputs, samples.Labels, samples.Count), predictions) / samples.Count;
        var right = 0;
        for (var i = 0; i < predictions.Length; i++)
        {
            right += predictions[i] == samples.Labels[i] ? 1 : 0;
        }

        return new SetScore(loss, 100.0 * right / samples.Count);
    }

    private static IReadOnlyList<string> Texts(ISamples samples)
    {
        var inputs = new float[samples.Count * 784];
        samples.Gather([.. Enumerable.Range(0, samples.Count)], inputs);
        var texts = new List<string>();
        for (var i = 0; i < samples.Count; i++)
        {
            texts.Add($"{samples.Labels[i]} {string.Join(' ', inputs[(i * 784)..((i + 1) * 784)])}");
        }

        return texts;
    }

    private static IEnumerable<string> Sorted(ISamples samples) => Texts(samples).Order(StringComparer.Ordinal);

    private static EvaluationRecord[] Evaluations(RunSummary run)
    {
        using var rows = RunRows.Evaluations(run.Folder);
        return [.. rows.ReadAll().Select(e => e with { Duration = 0 })];
    }

    private static PushRecord[] Steps(RunSummary run)
    {
        using var rows = RunRows.Updates(run.Folder);
        return [.. rows.ReadAll().Select(p => p with { ComputeTime = 0, Host = 0 })];
    }

    private Experiment Build(params string[] sets) => ExperimentBuilder.Build(laboratory.Load(laboratory.Write(), sets), laboratory.Options.Data, 1);

    private RunSummary Run(params string[] sets) =>
        new RunSession(laboratory.Load(laboratory.Write(), sets), laboratory.Options).Start(laboratory.Runs, TestContext.Current.CancellationToken);
}
