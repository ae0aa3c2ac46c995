namespace Orchestrator.Composition.Tests;

/// <summary>One test per topic of the cross-checks.</summary>
public class CheckTests
{
    [Fact]
    public void A_run_without_an_end_is_refused() =>
        Assert.Equal(["stop: gives no limit; at least one of epochs, passes, updates, samples, seconds is required"], Documents.Mistakes("stop={}"));

    [Fact]
    public void The_virtual_clock_needs_compute_times()
    {
        Assert.StartsWith(
            "workers.compute: is missing; on the virtual clock", Assert.Single(Documents.Mistakes("workers.compute=null")), StringComparison.Ordinal);
        Assert.Null(Documents.Resolve(Documents.Good, "workers.compute=null", "clock=wall").Workers.Compute);
    }

    [Fact]
    public void Overrides_may_give_every_worker_its_compute_time() => Assert.Null(Documents.Resolve(
        Documents.Good, "workers.compute=null", "workers.overrides=[{\"workers\":[0,1,2,3],\"compute\":{\"type\":\"constant\",\"ms\":1}}]").Workers.Compute);

    [Theory]
    [InlineData("""workers.compute={"type":"on-off","onMeanMs":100,"offMeanMs":400}""", "workers.compute: 'on-off' draws")]
    [InlineData("""workers.overrides=[{"workers":[1],"compute":{"type":"daily","onMs":100,"periodMs":400}}]""", "workers.overrides[0].compute: 'daily' draws")]
    public void What_says_when_workers_are_there_is_no_compute_time(string set, string mistake)
    {
        Assert.StartsWith(mistake, Assert.Single(Documents.Mistakes(set)), StringComparison.Ordinal);
        Assert.StartsWith(mistake, Assert.Single(Documents.Mistakes(set, "clock=wall")), StringComparison.Ordinal);
        Documents.Resolve(Documents.Good, set.Replace("compute", "delay", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""[{"workers":[4]}]""", "workers.overrides[0].workers[0]: there is no worker 4; workers.count is 4, so 0 to 3 are allowed")]
    [InlineData(
        """[{"workers":[1]},{"workers":[0,1]}]""",
        "workers.overrides[1].workers[1]: worker 1 is named already at workers.overrides[0].workers[0]; each worker can be overridden once")]
    [InlineData("""[{"workers":[]}]""", "workers.overrides[0].workers: names no worker; at least one is required")]
    public void Overrides_name_workers_that_exist_once(string overrides, string mistake) =>
        Assert.Equal([mistake], Documents.Mistakes($"workers.overrides={overrides}"));

    [Fact]
    public void More_workers_than_samples_are_refused() =>
        Assert.StartsWith("partitioner: ", Assert.Single(Documents.Mistakes("dataset.train=3")), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"share":1e-9}""", "validation.share: 1E-09 keeps 0 of 120 training samples; at least one has to be kept, and one to be left to train with")]
    [InlineData(
        """{"folds":1000,"fold":0}""",
        "validation.folds: 1000 keeps 0 of 120 training samples; at least one has to be kept, and one to be left to train with")]
    [InlineData("""{"folds":5,"fold":5}""", "validation.fold: 5 is no fold of 5; 0 to 4 is allowed")]
    [InlineData("""{"folds":5}""", "validation: has folds without fold; both are required")]
    [InlineData("""{"fold":1}""", "validation: has fold without folds; both are required")]
    [InlineData("{}", "validation: says not what is kept; share, or folds with fold, is required")]
    [InlineData("""{"share":0.5,"fold":1}""", "validation: share and folds are two ways to say what is kept; one of share, or folds with fold, is allowed")]
    [InlineData("""{"share":1}""", "validation.share: 1 is out of range; a number in (0, 1) is expected")]
    public void What_is_kept_for_validation_is_said_in_one_way_and_leaves_samples(string validation, string mistake) =>
        Assert.Equal([$"evaluation.sets.{mistake}"], Documents.Mistakes("dataset.train=120", $"evaluation.sets.validation={validation}"));

    [Fact]
    public void Samples_kept_for_validation_are_not_there_for_workers()
    {
        Assert.NotNull(Documents.Resolve(Documents.Good, "dataset.train=8", "evaluation.sets.validation.share=0.5").Evaluation.Sets);
        var mistake = Assert.Single(Documents.Mistakes("dataset.train=8", "evaluation.sets.validation.share=0.6"));
        Assert.StartsWith("partitioner: ", mistake, StringComparison.Ordinal);
        Assert.Contains("the 3 training samples", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void No_further_set_is_as_good_as_no_sets()
    {
        var id = Documents.Resolve(Documents.Good).Id;
        Assert.All(
            (string[])["{}", "{\"train\":false}", "{\"train\":false,\"validation\":null}"],
            sets => Assert.Equal(id, Documents.Resolve(Documents.Good, $"evaluation.sets={sets}").Id));
        Assert.NotEqual(id, Documents.Resolve(Documents.Good, "evaluation.sets.train=true").Id);
    }

    [Fact]
    public void Classes_are_counted_where_there_are_some()
    {
        Assert.True(Documents.Resolve(Documents.Good, "evaluation.perClass=true").Evaluation.PerClass);
        Assert.Equal(Documents.Resolve(Documents.Good).Id, Documents.Resolve(Documents.Good, "evaluation.perClass=false").Id);
        Assert.Equal(
            ["evaluation.perClass: true counts classes, and the samples of 'quadratic' have none; false is allowed"],
            Documents.Mistakes("evaluation.perClass=true", "dataset=quadratic", "model=quadratic"));
    }

    [Fact]
    public void A_layer_that_does_not_fit_is_named() => Assert.Equal(
        ["model.layers[1]: layer 1 (residual) does not fit its input [3]"], Documents.Mistakes("model.layers[1]={\"type\":\"residual\",\"layers\":[]}"));

    [Fact]
    public void A_rule_with_state_per_worker_is_refused_under_a_mean()
    {
        var mistake = Assert.Single(Documents.Mistakes("optimizer=dana-zero", "consistency=bulk-synchronous"));
        Assert.StartsWith("consistency: 'bulk-synchronous' makes an update of the mean", mistake, StringComparison.Ordinal);
        Assert.Contains("optimizer 'dana-zero' keeps state for each worker", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void A_consistency_model_that_does_not_fit_the_workers_is_refused() =>
        Assert.StartsWith("consistency", Assert.Single(Documents.Mistakes("consistency={\"type\":\"k-sync\",\"k\":5}")), StringComparison.Ordinal);

    [Fact]
    public void An_optimizer_that_takes_parameters_needs_workers_that_push_them()
    {
        var mistakes = Documents.Mistakes("optimizer={\"type\":\"easgd\",\"learningRate\":0.1,\"alpha\":0.1}");
        Assert.Equal(
            ["workers.rule: workers without a rule push gradients, but the optimizer 'easgd' takes the workers' own parameters; change one of the "
                + "two"], mistakes);
    }

    [Fact]
    public void Corrections_and_weight_decay_cannot_change_parameters()
    {
        var mistakes = Documents.Mistakes(
            "optimizer={\"type\":\"easgd\",\"learningRate\":0.1,\"alpha\":0.1,\"corrections\":[\"staleness-aware\"],\"weightDecay\":0.1}",
            "workers.rule={\"type\":\"local-steps\",\"steps\":2,\"push\":\"parameters\"}");
        Assert.Equal(["optimizer.corrections", "optimizer.weightDecay"], mistakes.Select(m => m[..m.IndexOf(':')]));
    }

    [Fact]
    public void Workers_that_go_on_from_their_own_parameters_wait_for_them()
    {
        string[] sets =
        [
            """optimizer={"type":"easgd","learningRate":0.1,"alpha":0.1}""", """workers.rule={"type":"local-steps","steps":2,"push":"parameters"}""",
        ];
        Documents.Resolve(Documents.Good, sets);
        Assert.StartsWith(
            "workers.overlapPulls: the optimizer 'easgd' answers each push with what its worker goes on from",
            Assert.Single(Documents.Mistakes([.. sets, "workers.overlapPulls=true"])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_does_not_fit_the_machine_is_refused_with_both_sizes()
    {
        var mistake = Assert.Single(Documents.Mistakes("workers.count=1000000", "dataset.train=1000000", "model.layers[0].units=500"));
        Assert.Contains("1000000 workers of a model with 2000 parameters take about 7.", mistake, StringComparison.Ordinal);
        Assert.Contains("GB; this machine has 4.0 GB", mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bulk-synchronous", 1)]
    [InlineData("""{"type":"backup-workers","backup":1}""", 4)]
    [InlineData("asynchronous", 4)]
    public void Workers_that_are_sent_the_same_share_one_vector(string consistency, int vectors) =>
        Assert.Equal(4 * 2000 * vectors, Documents.Load(Documents.Good, "model.layers[0].units=500", $"consistency={consistency}").Memory!.InFlight);

    [Theory]
    [InlineData("""{"type":"rennala","gradients":2}""")]
    [InlineData("""{"type":"backup-workers","backup":1}""")]
    [InlineData("""{"type":"staleness-threshold","threshold":1}""")]
    public void Overlapped_pulls_are_refused_where_whatever_is_stale_is_dropped(string consistency) => Assert.StartsWith(
        "workers.overlapPulls: pulls would come before", Assert.Single(Documents.Mistakes("workers.overlapPulls=true", $"consistency={consistency}")),
        StringComparison.Ordinal);

    [Fact]
    public void On_the_wall_clock_delays_must_pass_before_the_run_ends()
    {
        const string Slow = "workers.delay={\"type\":\"constant\",\"ms\":5000}";
        Assert.Equal(
            ["stop.seconds: is 3, but on the wall clock a push takes about 5.01 s of delays, so that none arrives before the run ends; allow more seconds, or "
                + "set clock to virtual"],
            Documents.Mistakes("clock=wall", Slow, "stop={\"seconds\":3}", "workers.compute={\"type\":\"constant\",\"ms\":10}"));
        Documents.Resolve(
            Documents.Good, "clock=wall", Slow, "stop={\"seconds\":3}", "workers.overrides=[{\"workers\":[1],\"delay\":{\"type\":\"constant\",\"ms\":1}}]");
        Documents.Resolve(Documents.Good, Slow, "stop={\"seconds\":3}");
    }

    [Fact]
    public void On_the_wall_clock_nobody_waits_for_hours() => Assert.StartsWith(
        "workers.overrides[0]: a push of worker 2 takes about 90000",
        Assert.Single(Documents.Mistakes("clock=wall", "workers.overrides=[{\"workers\":[2],\"delay\":{\"type\":\"constant\",\"ms\":9e7}}]")),
        StringComparison.Ordinal);

    [Fact]
    public void The_memory_estimate_follows_the_documented_formula()
    {
        var memory = Documents.Load(Documents.Good, "model.layers[0].units=500", "workers.overlapPulls=true").Memory!;
        Assert.Equal(4 * 2000 * 2 * 4, memory.InFlight);
        Assert.Equal(800, memory.Workers);

        // On each of two cores: a batch of 8, and 128 samples that are evaluated at once.
        Assert.Equal(2 * ((4 * 8) + (4 * 128) + (4 * (8 + 128) * 4)), memory.Replicas);
        Assert.Equal(
            memory.InFlight + memory.PerWorkerState + memory.GradientBuffers + memory.Buffered + memory.Replicas + memory.Server + memory.Workers,
            memory.Total);
    }

    [Fact]
    public void Memory_is_not_estimated_for_more_samples_than_there_are() =>
        Assert.Equal(2 * ((4 * 100) + (4 * 128) + (4 * (100 + 128) * 4)), Documents.Load(Documents.Good, "workers.batchSize=1000000").Memory!.Replicas);

    [Fact]
    public void A_model_larger_than_a_vector_can_be_is_refused() =>
        Assert.Contains(
            "model", Assert.Single(Documents.Mistakes("model.layers[0].units=1000000", "model.layers[1]={\"type\":\"dense\",\"units\":1000000}")),
            StringComparison.Ordinal);

    [Fact]
    public void A_rule_that_does_not_fit_the_number_of_workers_is_refused_at_its_option() => Assert.StartsWith(
        "optimizer.share: ", Assert.Single(Documents.Mistakes("optimizer={\"type\":\"delayed-nesterov\",\"learningRate\":0.1,\"share\":0.9}")),
        StringComparison.Ordinal);

    [Fact]
    public void Missing_data_is_told_at_the_dataset()
    {
        var mistake = Documents.Load(Documents.Good, "dataset=mnist").Mistakes[0];
        Assert.Equal("dataset", mistake.Path);
    }

    [Fact]
    public void A_trace_that_ends_may_be_as_long_as_a_run_on_the_wall_clock_needs()
    {
        var trace = Path.GetTempFileName();
        File.WriteAllText(trace, "1\n2\n3\n");

        Assert.NotNull(Documents.Resolve(
            Documents.Good, "clock=wall", "stop={\"updates\":2}", "workers.count=1", $"workers.compute={{\"type\":\"trace\",\"file\":\"{trace}\",\"atEnd\":\"fail\"}}"));
        File.Delete(trace);
    }
}
