using Orchestrator.Abstractions;

namespace Orchestrator.Composition.Tests;

/// <summary>
/// What is allowed and does nothing, or doubles, is said in one line; what is meant is not.
/// </summary>
public class HintTests
{
    private const string Good = """
        {
          "dataset": { "type": "glyphs", "train": 100, "test": 20 },
          "model": "softmax-regression",
          "optimizer": { "type": "sgd", "learningRate": 0.02, "momentum": 0.9, "corrections": [ "gap-aware" ] },
          "workers": { "count": 4, "batchSize": 8, "compute": { "type": "constant", "ms": 10 } },
          "stop": { "epochs": 2 }
        }
        """;

    [Fact]
    public void What_is_meant_gets_none() => Assert.Empty(Documents.Load(Good).Hints);

    [Theory]
    [InlineData("workers.batchSize=26", HintGrade.Hint, "workers.batchSize: 26 samples are more than a worker has (100 training samples, 4 workers)")]
    [InlineData(
        """workers.rule={"type":"dana-slim","momentum":0.5}""", HintGrade.Warning,
        "optimizer.momentum: 0.9 comes on top of the momentum 0.5 of workers.rule 'dana-slim'")]
    [InlineData(
        """workers.rule={"type":"local-steps","steps":2,"momentum":0.5}""", HintGrade.Warning,
        "optimizer.momentum: 0.9 comes on top of the momentum 0.5 of workers.rule 'local-steps'")]
    [InlineData("optimizer.corrections[1]=gap-aware", HintGrade.Warning, "optimizer.corrections[1]: 'gap-aware' is in the list already")]
    [InlineData(
        "consistency=bulk-synchronous", HintGrade.Hint, "optimizer.corrections: gap-aware: under 'bulk-synchronous' no gradient that counts is ever stale")]
    [InlineData("""consistency={"type":"k-sync","k":2}""", HintGrade.Hint, "optimizer.corrections: gap-aware: under 'k-sync' no gradient")]
    [InlineData(
        """consistency={"type":"staleness-threshold","threshold":1}""", HintGrade.Hint,
        "optimizer.corrections: gap-aware: under 'staleness-threshold' no gradient")]
    [InlineData("workers.count=1", HintGrade.Hint, "optimizer.corrections: gap-aware: with one worker no gradient")]
    public void What_does_nothing_or_doubles_is_said(string set, HintGrade grade, string text)
    {
        var hint = Assert.Single(Documents.Load(Good, set).Hints);
        Assert.Equal(grade, hint.Grade);
        Assert.StartsWith(text, hint.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', hint.ToString());
    }

    [Theory]
    [InlineData("workers.batchSize=25")]
    [InlineData("workers.batchSize=60", "partitioner=none")]
    [InlineData("optimizer.momentum=0", """workers.rule={"type":"dana-slim","momentum":0.5}""")]
    [InlineData("optimizer.corrections[1]=delay-adaptive")]
    [InlineData("workers.count=1", "workers.overlapPulls=true")]
    [InlineData("""consistency={"type":"staleness-threshold","threshold":3}""")]
    [InlineData("consistency=bulk-synchronous", "workers.overlapPulls=true")]
    [InlineData("workers.count=1", """optimizer={"type":"nag-asgd","learningRate":0.02,"corrections":["gap-aware"]}""")]
    [InlineData("consistency=bulk-synchronous", """optimizer={"type":"lwp","learningRate":0.02,"corrections":["delay-compensation"]}""")]
    [InlineData("""stop={"passes":1}""", """workers.rule={"type":"local-steps","steps":2}""")]
    [InlineData("""stop={"passes":5}""", """workers.rule={"type":"local-steps","steps":10}""")]
    [InlineData("""stop={"epochs":1}""", """workers.rule={"type":"local-steps","steps":10}""")]
    public void What_is_close_to_it_and_meant_gets_none(params string[] sets) => Assert.Empty(Documents.Load(Good, sets).Hints);

    [Fact]
    public void A_look_ahead_that_is_compared_with_itself_corrects_nothing()
    {
        var optimizer = """optimizer={"type":"nag-asgd","learningRate":0.02,"corrections":["staleness-aware",{"type":"gap-aware","reference":"look-ahead"}]}""";
        Assert.StartsWith(
            "optimizer.corrections: gap-aware: with one worker no gradient",
            Assert.Single(Documents.Load(Good, "workers.count=1", optimizer).Hints).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Local_steps_that_reach_beyond_the_passes_are_said()
    {
        var hint = Assert.Single(Documents.Load(Good, """stop={"passes":2}""", """workers.rule={"type":"local-steps","steps":10}""").Hints);
        Assert.Equal(
            "stop.passes: the 2 passes of a worker are 8 batches, and a push holds 10 (workers.rule 'local-steps'): the push that completes them reaches up to 9 "
                + "batches beyond", hint.ToString());
    }

    [Fact]
    public void A_limit_that_changes_the_normalisation_says_so()
    {
        using var files = new Written();
        foreach (var (name, count) in (ReadOnlySpan<(string, int)>)[("train", 100), ("t10k", 20)])
        {
            files.Bytes(
                $"mnist/{name}-images-idx3-ubyte",
                [0, 0, 8, 3, 0, 0, 0, (byte)count, 0, 0, 0, 28, 0, 0, 0, 28, .. Enumerable.Range(0, count * 784).Select(i => (byte)i)]);
            files.Bytes($"mnist/{name}-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, (byte)count, .. Enumerable.Range(0, count).Select(i => (byte)(i % 10))]);
        }

        var file = files.File("p.json", Good);
        Assert.Empty(Load().Hints);
        var hint = Assert.Single(Load("dataset.trainLimit=50").Hints);
        Assert.StartsWith(
            "dataset.trainLimit: 50: inputs are normalised by mean and deviation of the images that are used", hint.ToString(), StringComparison.Ordinal);

        PipelineResult Load(params string[] sets)
        {
            var result = Pipeline.Load(
                file, Shipped.Catalog, new PipelineRequest(new DataFolders([files.Folder])) { Sets = ["dataset={\"type\":\"mnist\"}", .. sets] });
            Assert.Empty(result.Mistakes);
            return result;
        }
    }
}
