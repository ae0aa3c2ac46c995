namespace Orchestrator.Composition.Tests;

public class BindingTests
{
    [Theory]
    [InlineData("workers.count=0", "workers.count: 0 is out of range; an integer in [1, 1000000] is expected")]
    [InlineData("workers.count=-5", "workers.count: -5 is out of range; an integer in [1, 1000000] is expected")]
    [InlineData("workers.count=1.5", "workers.count: 1.5 is not a whole number of 64 bits; an integer in [1, 1000000] is expected")]
    [InlineData("workers.count=1e300", "workers.count: 1e300 is not a whole number of 64 bits; an integer in [1, 1000000] is expected")]
    [InlineData(
        "workers.count=99999999999999999999999999",
        "workers.count: 99999999999999999999999999 is not a whole number of 64 bits; an integer in [1, 1000000] is expected")]
    [InlineData("workers.count=true", "workers.count: true is true or false; an integer in [1, 1000000] is expected")]
    [InlineData("workers.count=null", "workers.count: null; an integer in [1, 1000000] is expected")]
    [InlineData("workers.count={}", "workers.count: an object; an integer in [1, 1000000] is expected")]
    [InlineData("workers.count=[4]", "workers.count: a list; an integer in [1, 1000000] is expected")]
    [InlineData("workers.count=\"4\"", "workers.count: '4' is a string; an integer in [1, 1000000] is expected")]
    [InlineData("workers=4", "workers: 4 is a number; an object is expected")]
    [InlineData("optimizer.learningRate=0", "optimizer.learningRate: 0 is out of range; a number in (0, 1000000] is expected")]
    [InlineData("optimizer.learningRate=1e999", "optimizer.learningRate: 1e999 is out of range; a number in (0, 1000000] is expected")]
    [InlineData("optimizer.learningRate=NaN", "optimizer.learningRate: 'NaN' is a string; a number in (0, 1000000] is expected")]
    [InlineData("optimizer.momentum=1", "optimizer.momentum: 1 is out of range; a number in [-0.999999, 0.999999] is expected")]
    [InlineData(
        "optimizer.lr=0.5",
        "optimizer.lr: optimizer 'sgd' has no option 'lr'; it has type, learningRate, weightDecay, schedules, corrections, momentum, nesterov; 'lr' is "
            + "'learningRate' here")]
    [InlineData(
        "optimizer.weight_decay=0.5",
        "optimizer.weight_decay: optimizer 'sgd' has no option 'weight_decay'; it has type, learningRate, weightDecay, schedules, corrections, momentum, "
            + "nesterov; did you mean 'weightDecay'?")]
    [InlineData(
        "workers.num_workers=2",
        "workers.num_workers: workers has no option 'num_workers'; it has count, batchSize, compute, delay, network, overlapPulls, rule, overrides, absent; "
            + "'num_workers' is 'count' here")]
    [InlineData(
        "lr=0.5",
        "lr: a pipeline has no option 'lr'; it has $schema, extends, telemetry, sweep, dataset, model, optimizer, stop, name, seed, partitioner, consistency, "
            + "transport, clock, workers, evaluation, schedule, streams, initial, snapshots; did you mean 'optimizer.learningRate'?")]
    [InlineData(
        "batch_size=4",
        "batch_size: a pipeline has no option 'batch_size'; it has $schema, extends, telemetry, sweep, dataset, model, optimizer, stop, name, seed, "
            + "partitioner, consistency, transport, clock, workers, evaluation, schedule, streams, initial, snapshots; did you mean 'workers.batchSize'?")]
    [InlineData(
        "optimizer.momentun=0.5",
        "optimizer.momentun: optimizer 'sgd' has no option 'momentun'; it has type, learningRate, weightDecay, schedules, corrections, momentum, nesterov; "
            + "did you mean 'momentum'?")]
    [InlineData(
        "worker.count=4",
        "worker: a pipeline has no option 'worker'; it has $schema, extends, telemetry, sweep, dataset, model, optimizer, stop, name, seed, partitioner, "
            + "consistency, transport, clock, workers, evaluation, schedule, streams, initial, snapshots; did you mean 'workers'?")]
    [InlineData("clock=virtuel", "clock: 'virtuel' is not a choice; one of virtual, wall is expected; did you mean 'virtual'?")]
    [InlineData("model.layers[0].units=0", "model.layers[0].units: 0 is out of range; an integer in [1, 1000000] is expected")]
    [InlineData("model.layers[0].unit=1", "model.layers[0].unit: type 'dense' has no option 'unit'; it has type, units, bias; did you mean 'units'?")]
    [InlineData(
        """model.layers[0]={"type":"dens"}""",
        "model.layers[0].type: there is no type 'dens'; one of dense, relu, residual is expected; did you mean 'dense'?")]
    [InlineData("model.layers[0]={}", "model.layers[0].type: is missing; one of dense, relu, residual is expected")]
    [InlineData("""model.layers[0]={"type":3}""", "model.layers[0].type: 3 is not a name; one of dense, relu, residual is expected")]
    [InlineData("model.factors=[1,3]", "model.factors[1]: 3 is out of range; a number in [0, 2] is expected")]
    [InlineData("model.factors=1", "model.factors: 1 is a number; a list of numbers in [0, 2] is expected")]
    [InlineData("model.factors=[null]", "model.factors[0]: null; a number in [0, 2] is expected")]
    [InlineData("model.start.shape=uniform", "model.start.scale: is missing; a number in (0, 10] is required")]
    [InlineData("model.dropout=1", "model.dropout: 1 is out of range; a number in [0, 1) is expected")]
    [InlineData("name=../up", "name: '../up' cannot name a folder; 1 to 64 characters of a-z, 0-9, '-', '.', '_' are allowed, not starting with a dot")]
    [InlineData(
        """telemetry={"endpoint":"collector.lab:4317"}""",
        "telemetry.endpoint: 'collector.lab:4317' is no absolute http or https address; for example http://localhost:4317")]
    [InlineData("""telemetry={"endpoint":""}""", "telemetry.endpoint: '' is no absolute http or https address; for example http://localhost:4317")]
    [InlineData("telemetry=on", "telemetry: 'on' is a string; an object is expected")]
    public void A_wrong_value_is_told_with_what_is_allowed(string set, string mistake) => Assert.Equal([mistake], Documents.Mistakes(set));

    [Fact]
    public void An_unknown_plugin_is_told_with_the_nearest_name()
    {
        var mistake = Assert.Single(Documents.Mistakes("consistency=asynchronus"));
        Assert.StartsWith("consistency.type: there is no consistency plugin 'asynchronus'; one of ", mistake, StringComparison.Ordinal);
        Assert.EndsWith("did you mean 'asynchronous'?", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plugin_that_could_not_be_used_is_told_with_its_problem()
    {
        var mistake = Assert.Single(Documents.Mistakes("workers.delay=takes-a-date"));
        Assert.Contains("a plugin of that name could not be used: ", mistake, StringComparison.Ordinal);
        Assert.Contains("System.DateTime cannot be written in a pipeline", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var paths = Documents.Load(
            """{ "dataset": "tiny", "model": { "type": "tine" }, "optimizer": { "type": "sgd", "momentum": 2 }, "stop": { "epoch": 1 } }""")
            .Mistakes.Select(m => m.Path);
        Assert.Equal(["model.type", "optimizer.learningRate", "optimizer.momentum", "stop.epoch"], paths.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_a_constructor_refuses_is_told_at_the_option()
    {
        var mistake = Assert.Single(Documents.Load(Documents.Good, "workers.delay={\"type\":\"refuses\",\"atOnce\":true}").Mistakes);
        Assert.Equal("--set: workers.delay.atOnce: True contradicts itself", mistake.ToString());
    }

    [Fact]
    public void What_a_constructor_throws_is_told_with_plugin_and_file() =>
        Assert.Contains(
            "threw while it was created: InvalidOperationException", Assert.Single(Documents.Mistakes("workers.delay=throws")), StringComparison.Ordinal);

    [Fact]
    public void What_a_plugin_throws_in_use_is_told_with_plugin_and_file() =>
        Assert.Contains(
            "threw while the pipeline was checked: InvalidOperationException", Assert.Single(Documents.Mistakes("dataset=throws-in-use")),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("workers.count=1e3", 1000)]
    [InlineData("workers.count=40e-1", 4)]
    public void A_whole_number_may_be_written_with_an_exponent(string set, int count) =>
        Assert.Equal(count, Documents.Resolve(Documents.Good, "dataset.train=5000", set).Workers.Count);
}
