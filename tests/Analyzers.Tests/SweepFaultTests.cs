using Orchestrator.Abstractions;
using Orchestrator.Analyzers.MLNet;

namespace Orchestrator.Analyzers.Tests;

/// <summary>What ML.NET says of many simulated runs.</summary>
public sealed class SweepFaultTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 5)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_axes_that_matter_are_named_and_the_useless_one_too(int seed)
    {
        var findings = new Factors(new FactorsOptions()).Analyze(Simulations.Sweep(seed, 72), Stop);

        Assert.Equal(["rate", "rule"], findings.Where(f => f.Name == "factor").Select(f => f.Subject).Order());
        var useless = Assert.Single(findings, f => f.Name == "useless-axis");
        Assert.Equal(("threads", FindingGrade.Hint), (useless.Subject, useless.Grade));
        var model = findings[0];
        Assert.Equal("factors-model", model.Name);
        Assert.InRange(model.Number, 0.8, 1);

        // The accuracy falls by 4 points for each tenfold rate, in which the loss rises by 0.1; and
        // by 10 from sgd to adam.
        var rate = findings.Single(f => f.Subject == "rate").Details.ToDictionary(d => d.Key, d => d.Value);
        Assert.True(rate["at 0.001"] < rate["at 0.01"] && rate["at 0.01"] < rate["at 0.1"], string.Join(' ', rate));
        Assert.InRange(rate["linear"], 2, 5);
    }

    [Fact]
    public void A_linear_model_of_outcomes_that_fall_off_an_edge_stays_finite()
    {
        // Six rates by six momenta: high accuracies, and chance beyond an edge.
        float[] rates = [.. Enumerable.Range(0, 36).Select(n => (float)Math.Pow(10, -3 + ((n % 6) * 0.6)))];
        float[] momenta = [.. Enumerable.Range(0, 36).Select(n => (n / 6) * 0.19f)];
        float[] outcomes = [.. rates.Zip(momenta, (rate, momentum) => rate / (1 - momentum) > 0.3 ? 10f : 97f + momentum)];
        List<Axis> axes = [new("rate", rates, [.. rates.Select(v => $"{v}")], true), new("momentum", momenta, [.. momenta.Select(v => $"{v}")], true)];

        Assert.InRange(ForestFit.Of(axes, outcomes, new FactorsOptions(), Stop).LinearR2, -1, 1);
    }

    [Fact]
    public void Importance_is_of_the_variance_of_all_runs_where_those_of_a_fold_are_nearly_equal()
    {
        // Few runs are beyond an edge of the rate; in most folds there is none of them.
        float[] rates = [.. Enumerable.Range(0, 60).Select(n => (float)(n % 20))];
        float[] momenta = [.. Enumerable.Range(0, 60).Select(n => (float)(n / 20))];
        float[] outcomes = [.. rates.Zip(momenta, (rate, momentum) => rate > 18 ? 10f : 97f + (0.001f * (momentum % 2)))];
        List<Axis> axes = [new("rate", rates, [.. rates.Select(v => $"{v}")], true), new("momentum", momenta, [.. momenta.Select(v => $"{v}")], true)];

        var fit = ForestFit.Of(axes, outcomes, new FactorsOptions(), Stop);

        Assert.InRange(fit.Axes[0].Importance, 0.2, 2.5);
        Assert.InRange(fit.Axes[1].Importance, -0.1, 0.1);
        Assert.InRange(fit.LargestShadow, 0, 0.1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public void A_loss_that_has_diverged_counts_as_the_worst_that_is_finite(int classes)
    {
        static IRunRecords Run(int classes, Func<long, double> loss) => new Testing.SimulatedRun(new Testing.SimulationTerms { Classes = classes, Loss = loss, LossNoise = 0 });
        var outcomes = Outcome.Of([Run(classes, _ => 1), Run(classes, _ => 5), Run(classes, version => version > 100 ? double.NaN : 2)], Stop);

        Assert.Equal(classes > 0 ? outcomes[1].LogLoss : outcomes[1].Curve.Append(outcomes[1].LogLoss).Max(), outcomes[2].LogLoss);
        Assert.InRange(outcomes[2].LogLoss, Math.Log(4.8), Math.Log(5.2));
        Assert.All(outcomes[2].Curve, value => Assert.True(double.IsFinite(value)));
        Assert.True(double.IsNaN(Assert.Single(Outcome.Of([Run(0, _ => double.NaN)], Stop)).LogLoss));
    }

    [Fact]
    public void Too_few_runs_are_inconclusive()
    {
        var finding = Assert.Single(new Factors(new FactorsOptions()).Analyze(Simulations.Sweep(1, 29), Stop));
        Assert.Equal((FindingGrade.Inconclusive, 29), (finding.Grade, finding.Number));
    }

    [Fact]
    public void Axes_that_explain_nothing_are_inconclusive()
    {
        var runs = Enumerable.Range(0, 60).Select(n => (IRunRecords)new Testing.SimulatedRun(new Testing.SimulationTerms
        {
            Seed = n,
            Pushes = 300,
            Settings = new Dictionary<string, string> { ["threads"] = $"{n % 4}" },
        })).ToList();

        var finding = Assert.Single(new Factors(new FactorsOptions()).Analyze(runs, Stop));
        Assert.Equal(FindingGrade.Inconclusive, finding.Grade);
        Assert.InRange(finding.Number, double.NegativeInfinity, 0.3);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_run_that_does_not_fit_the_others_is_named_and_no_other(int seed)
    {
        var runs = Simulations.OneOdd(seed, 20, 7);
        var finding = Assert.Single(new Anomalies(new AnomaliesOptions()).Analyze(runs, Stop));
        Assert.Equal(("odd-run", runs[7].Facts.Title), (finding.Name, finding.Subject));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Runs_that_differ_by_their_seeds_are_not_odd_and_no_families(int seed)
    {
        Assert.Empty(new Anomalies(new AnomaliesOptions()).Analyze(Simulations.Alike(seed, 20), Stop).Select(f => f.Sentence));
        Assert.DoesNotContain(new Clusters(new ClustersOptions()).Analyze(Simulations.Alike(seed, 20), Stop), f => f.Grade != FindingGrade.Inconclusive);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Two_families_of_curves_are_two(int seed)
    {
        var finding = Assert.Single(new Clusters(new ClustersOptions()).Analyze(Simulations.TwoFamilies(seed, 30), Stop));
        Assert.Equal((FindingGrade.Measured, 2), (finding.Grade, finding.Number));
        Assert.Equal([20, 10], finding.Details.Where(d => d.Key.StartsWith("family", StringComparison.Ordinal)).Select(d => d.Value));
        Assert.Matches(@"20 that end at \d+\.\d %", finding.Sentence);
    }

    // Settings that have no effect, and seeds that nothing draws from.
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    public void Of_few_different_curves_there_are_no_more_families(int different, int findings)
    {
        IReadOnlyList<IRunRecords> runs = [.. Enumerable.Range(0, 30).Select(n => Simulations.TwoFamilies(1, 3)[n % different])];
        Assert.Equal(findings, new Clusters(new ClustersOptions()).Analyze(runs, Stop).Count);
    }
}
