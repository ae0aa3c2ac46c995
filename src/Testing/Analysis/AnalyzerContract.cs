using System.Globalization;
using Orchestrator.Abstractions;
using Xunit;

namespace Orchestrator.Testing;

/// <summary>What every analyzer must keep to; an analyzer's test class inherits it.</summary>
public abstract class AnalyzerContract : IPluginContract
{
    private const long ManyPushes = 1_000_000;

    // For what an analyzer keeps of a million pushes, which are 200 MB in memory.
    private const long MostAllocated = 32 << 20;

    /// <summary>An analyzer with typical options; any two are equal.</summary>
    public abstract IAnalyzer Create();

    /// <summary>
    /// Runs that show something to the analyzer: one where its scope is a run.
    /// </summary>
    public abstract IReadOnlyList<IRunRecords> Runs();

    /// <inheritdoc/>
    object IPluginContract.NewSubject() => Create();

    /// <summary>The suite's runs give a finding, each with all that a finding has.</summary>
    [Fact]
    public void Every_finding_has_a_number_a_sentence_a_place_and_a_control()
    {
        var runs = Runs();
        var findings = Create().Analyze(runs, Stop);
        Assert.NotEmpty(findings);
        foreach (var finding in findings)
        {
            Assert.Matches("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", finding.Name);
            Assert.True(double.IsFinite(finding.Number), $"{finding.Name}: {finding.Number}");
            Assert.EndsWith(".", finding.Sentence, StringComparison.Ordinal);
            Assert.Contains(finding.Place.Run, runs.Select(run => run.Facts.Title));
            Assert.NotEmpty(finding.Place.File);
            Assert.True(finding.Place.Line >= 1, $"{finding.Name}: line {finding.Place.Line}");
            Assert.EndsWith(".", finding.Control.Sentence, StringComparison.Ordinal);
            Assert.True(double.IsFinite(finding.Control.Number), $"{finding.Name}: control {finding.Control.Number}");
            Assert.Equal(finding.Details.Count, finding.Details.DistinctBy(detail => detail.Key).Count());
        }
    }

    /// <summary>Two analyses of the same runs are equal, by any instance.</summary>
    [Fact]
    public void The_same_runs_give_the_same_findings()
    {
        var analyzer = Create();
        var expected = Text(analyzer.Analyze(Runs(), Stop));
        Assert.Equal(expected, Text(analyzer.Analyze(Runs(), Stop)));
        Assert.Equal(expected, Text(Create().Analyze(Runs(), Stop)));
    }

    /// <summary>One instance may be asked by several threads.</summary>
    [Fact]
    public void Threads_do_not_disturb_each_other()
    {
        var analyzer = Create();
        var expected = Text(analyzer.Analyze(Runs(), Stop));
        var texts = new string[4];
        Parallel.For(0, texts.Length, n => texts[n] = Text(analyzer.Analyze(Runs(), Stop)));
        Assert.All(texts, text => Assert.Equal(expected, text));
    }

    /// <summary>Culture changes no sentence.</summary>
    [Fact]
    public void The_culture_of_the_machine_does_not_matter()
    {
        var before = CultureInfo.CurrentCulture;
        var expected = Text(Create().Analyze(Runs(), Stop));
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        try
        {
            CultureInfo.CurrentCulture = culture;
            Assert.Equal(expected, Text(Create().Analyze(Runs(), Stop)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>Runs that have hardly begun cost no exception, and accuse nobody.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_run_that_has_hardly_begun_is_not_accused(int pushes)
    {
        var findings = Create().Analyze([new SimulatedRun(new SimulationTerms { Pushes = pushes, Evaluations = Math.Min(pushes, 1) })], Stop);
        Assert.All(findings, finding => Assert.True(finding.Grade is FindingGrade.Measured or FindingGrade.Inconclusive, finding.Sentence));
    }

    /// <summary>One worker has nobody to be compared with.</summary>
    [Fact]
    public void One_worker_is_no_special_case()
    {
        var findings = Create().Analyze([new SimulatedRun(new SimulationTerms { Workers = 1, Evaluations = 4 })], Stop);
        Assert.All(findings, finding => Assert.True(finding.Grade is FindingGrade.Measured or FindingGrade.Inconclusive, finding.Sentence));
    }

    /// <summary>A million pushes are streamed: what is allocated does not grow with them.</summary>
    [Fact]
    public void A_million_pushes_need_no_memory()
    {
        var run = new SimulatedRun(new SimulationTerms { Pushes = ManyPushes });
        var analyzer = Create();
        analyzer.Analyze([run], Stop);
        var before = GC.GetAllocatedBytesForCurrentThread();
        analyzer.Analyze([run], Stop);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocated);
    }

    /// <summary>A person can stop it.</summary>
    [Fact]
    public void An_analysis_can_be_stopped()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Create().Analyze(Runs(), stopped.Token));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Text(IReadOnlyList<Finding> findings) => string.Join('\n', findings.Select(finding => string.Create(
        CultureInfo.InvariantCulture,
        $"{finding.Name} {finding.Subject} {finding.Grade} {finding.Number:R} {finding.Unit} {finding.Sentence} {finding.Place} {finding.Control.Sentence} "
            + $"{finding.Control.Number:R} {finding.Control.Holds} "
            + $"{string.Join(' ', finding.Details.Select(d => FormattableString.Invariant($"{d.Key}={d.Value:R}")))}")));
}
