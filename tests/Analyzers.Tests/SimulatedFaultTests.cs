using Orchestrator.Abstractions;
using Orchestrator.Testing;

namespace Orchestrator.Analyzers.Tests;

/// <summary>What is planted in a simulated run is named, with its place; nothing else is.</summary>
public sealed class SimulatedFaultTests
{
    private static readonly IAnalyzer[] All =
    [
        new Convergence(new ConvergenceOptions()), new Fairness(new FairnessOptions()), new Staleness(new StalenessOptions()),
        new Stragglers(new StragglersOptions()), new Throughput(new ThroughputOptions()),
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_run_without_a_fault_is_not_accused(int seed) =>
        Assert.Empty(All.SelectMany(analyzer => Simulations.Accusations(analyzer, Simulations.Clean(seed))).Select(finding => finding.Sentence));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_slow_worker_is_named(int seed)
    {
        var finding = Assert.Single(Simulations.Accusations(new Stragglers(new StragglersOptions()), Simulations.SlowWorker(seed)));
        Assert.Equal(("slow-worker", "worker 2", FindingGrade.Warning), (finding.Name, finding.Subject, finding.Grade));
        Assert.InRange(finding.Number, 2.9, 3.1);
        Assert.InRange(finding.Details.Single(d => d.Key == "cost").Value, 0.15, 0.18);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_diverging_loss_is_named_where_it_leaves(int seed)
    {
        var finding = Assert.Single(
            Simulations.Accusations(new Convergence(new ConvergenceOptions()), Simulations.Diverging(seed, 1500)), f => f.Name == "divergence");
        Assert.Equal(FindingGrade.Error, finding.Grade);

        // At 1.01 per update the loss needs some 280 to be twice that of the start.
        Assert.InRange(finding.Number, 1500, 1900);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_biased_partition_is_named(int seed)
    {
        var finding = Assert.Single(
            Simulations.Accusations(new Fairness(new FairnessOptions()), Simulations.BiasedPartition(seed)), f => f.Name == "biased-partition");
        Assert.Equal(("worker 1", "partitions.csv", 3), (finding.Subject, finding.Place.File, finding.Place.Line));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Classes_that_are_seen_too_little_and_missed_are_named_and_a_hard_class_is_not(int seed)
    {
        var harms = Harms(Simulations.StarvedClasses(seed, isHarmed: true));
        Assert.Equal(["class 7", "class 8"], harms.Select(f => f.Subject));
        Assert.All(harms, f => Assert.InRange(f.Number, 40, 65));
        Assert.Equal(("confusions.csv", 9), (harms[0].Place.File, harms[0].Place.Line));
        Assert.InRange(harms[0].Control!.Number, 45, 75);

        Assert.Empty(Harms(Simulations.StarvedClasses(seed, isHarmed: false)));

        static List<Finding> Harms(IRunRecords run) =>
            [.. Simulations.Accusations(new Fairness(new FairnessOptions()), run).Where(f => f.Name == "class-harm")];
    }

    [Fact]
    public void A_class_whose_only_worker_had_every_push_dropped_is_named()
    {
        var starved = Simulations.StarvedClasses(1, isHarmed: true);
        var pushes = AlteredRun.All(starved.OpenPushes()).ConvertAll(push => push.Worker == 1 ? push with { Decision = PushDecision.Dropped } : push);

        var harms = Simulations.Accusations(new Fairness(new FairnessOptions()), new AlteredRun(starved) { Pushes = pushes }).Where(f => f.Name == "class-harm");
        Assert.Equal(["class 7", "class 8"], harms.Select(f => f.Subject));
    }

    [Fact]
    public void Workers_that_share_their_data_have_no_unfair_share_of_it()
    {
        var run = Simulations.SlowWorker(1);
        var all = new AlteredRun(run) { Partitions = [new PartitionRecord(0, 4000, 0, [.. Enumerable.Repeat(400L, 10)])] };

        Assert.Contains(Simulations.Accusations(new Fairness(new FairnessOptions()), run), f => f.Name == "unfair-share");
        Assert.Empty(Simulations.Accusations(new Fairness(new FairnessOptions()), all).Select(f => f.Sentence));
    }

    [Fact]
    public void A_worker_that_has_hardly_pushed_is_named()
    {
        var run = new Testing.SimulatedRun(new Testing.SimulationTerms { Pushes = 240, MeanMs = worker => worker == 2 ? 350 : 10 });
        Assert.Equal(2, AlteredRun.All(run.OpenPushes()).Count(push => push.Worker == 2));

        var finding = Assert.Single(Simulations.Accusations(new Stragglers(new StragglersOptions()), run));
        Assert.Equal(("slow-worker", "worker 2"), (finding.Name, finding.Subject));
        Assert.StartsWith("Worker 2 has pushed twice in the time in which the middle worker makes ", finding.Sentence, StringComparison.Ordinal);
        Assert.InRange(finding.Number, 20, 35);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Computing_what_is_cancelled_is_no_waiting_and_the_slow_worker_is_named(double slowness)
    {
        var (run, waited) = Simulations.Rounds(workers: 4, enough: 3, rounds: 1000, slowness);

        var rate = new Throughput(new ThroughputOptions()).Analyze([run], TestContext.Current.CancellationToken).Single(f => f.Name == "throughput");
        Assert.Equal(FindingGrade.Measured, rate.Grade);
        Assert.Equal(waited, rate.Details.Single(d => d.Key == "waitingShare").Value, 1e-3);

        var slow = Simulations.Accusations(new Stragglers(new StragglersOptions()), run).Select(f => f.Subject);
        Assert.Equal(slowness > 1 ? ["worker 0"] : [], slow);
    }

    [Fact]
    public void One_class_for_every_input_is_said_where_it_is_many_of_them()
    {
        var run = Simulations.Clean(1);
        var evaluations = AlteredRun.All(run.OpenEvaluations());
        evaluations[0] = evaluations[0] with { TestAccuracy = 10 };
        evaluations[^1] = evaluations[^1] with { TestAccuracy = 90, LargestPredictedShare = 1 };

        var finding = Simulations.Accusations(new Convergence(new ConvergenceOptions()), new AlteredRun(run) { Evaluations = evaluations }).Single(f => f.Name == "no-convergence");
        Assert.Equal("The run ends with one class for every input, at 90.0 % test accuracy; chance is 10.0 %.", finding.Sentence);
    }

    [Fact]
    public void A_class_that_is_missed_no_more_than_a_hard_one_is_inconclusive()
    {
        var run = new SimulatedRun(new SimulationTerms
        {
            MeanMs = worker => worker == 1 ? 50 : 10,
            ClassCounts = worker => [.. Enumerable.Range(0, 10).Select(c => (worker == 1) == (c == 7) ? (worker == 1 ? 2700L : 300) : 0)],
            Recall = c => c is 7 or 3 ? 0.5 : 0.9,
        });

        var finding = Assert.Single(new Fairness(new FairnessOptions()).Analyze([run], CancellationToken.None), f => f.Name == "class-harm");
        Assert.Equal(FindingGrade.Inconclusive, finding.Grade);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_step_of_the_loss_is_named_where_it_is(int seed)
    {
        var finding = Assert.Single(
            Simulations.Accusations(new Convergence(new ConvergenceOptions()), Simulations.LossStep(seed, 2500)), f => f.Name == "loss-step");
        Assert.InRange(finding.Number, 0.5, 0.7);
        Assert.InRange(finding.Place.Line, 2440, 2560);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_change_of_pace_is_named_where_it_is(int seed)
    {
        var finding = Assert.Single(Simulations.Accusations(new Throughput(new ThroughputOptions()), Simulations.SlowerFrom(seed, 2000)));
        Assert.Equal("throughput-step", finding.Name);
        Assert.InRange(finding.Number, 0.6, 0.74);
        Assert.InRange(finding.Place.Line, 1960, 2040);
    }

    [Fact]
    public void Staleness_of_asynchronous_workers_is_that_of_the_model()
    {
        var finding = Assert.Single(new Staleness(new StalenessOptions()).Analyze([Simulations.Clean(1)], TestContext.Current.CancellationToken));
        Assert.Equal(FindingGrade.Measured, finding.Grade);
        Assert.InRange(finding.Number, 2.98, 3.02);
    }

    [Fact]
    public void Throughput_is_what_the_durations_predict()
    {
        var finding = Assert.Single(new Throughput(new ThroughputOptions()).Analyze([Simulations.Clean(1)], TestContext.Current.CancellationToken));
        Assert.InRange(finding.Number, 395, 405);
        Assert.InRange(finding.Details.Single(d => d.Key == "residual").Value, -0.01, 0.01);
    }
}
