using Orchestrator.Abstractions;
using Orchestrator.Optimizers;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Oracles;

/// <summary>
/// Every correction, with heavy ball or DANA, beside a double-precision loop written from its
/// paper's formulas.
/// </summary>
public sealed class CorrectionOracles
{
    private const int K = Trace.K;
    private const double Gamma = 0.9;

    [Fact]
    public void StalenessAware_FollowsItsFormula() => Weighted(() => new StalenessAware(), tau => 1.0 / (tau + 1));

    [Fact]
    public void DelayAdaptive_FollowsItsFormula() => Weighted(() => new DelayAdaptive(), tau => 4.0 / Math.Max(4, tau));

    [Fact]
    public void Polynomial_FollowsItsFormula() => Weighted(() => new Polynomial(new PolynomialOptions(0.7)), tau => Math.Pow(1 + tau, -0.7));

    [Fact]
    public void Hinge_FollowsItsFormula() => Weighted(() => new Hinge(new HingeOptions(2, 3)), tau => tau <= 3 ? 1 : 1 / ((2.0 * (tau - 3)) + 1));

    [Fact]
    public void DelayCompensation_FollowsItsFormula() =>
        HeavyBall(() => new DelayCompensation(new DelayCompensationOptions(Lambda: 2)), _ => (g, theta, w) =>
        {
            for (var j = 0; j < K; j++)
            {
                g[j] += 2 * g[j] * g[j] * (theta[j] - w[j]);
            }
        });

    [Fact]
    public void AdaptiveDelayCompensation_FollowsItsFormula()
    {
        var mean = new double[K];
        HeavyBall(() => new DelayCompensation(new DelayCompensationOptions(CompensationForm.Adaptive)), _ => (g, theta, w) =>
        {
            for (var j = 0; j < K; j++)
            {
                mean[j] = (0.95 * mean[j]) + (0.05 * g[j] * g[j]);
                g[j] += 2 / Math.Sqrt(mean[j] + 1e-7) * g[j] * g[j] * (theta[j] - w[j]);
            }
        });
    }

    [Fact]
    public void GapAware_FollowsItsFormula()
    {
        var (mean, t) = (new double[K], 0);
        HeavyBall(
            () => new GapAware(new GapAwareOptions()),
            eta => (g, theta, w) =>
            {
                for (var j = 0; j < K && t > 0; j++)
                {
                    var c = eta * (Math.Sqrt(mean[j] / (1 - Math.Pow(0.999, t))) + 1e-8);
                    g[j] /= 1 + (Math.Abs(theta[j] - w[j]) / c);
                }
            },
            (v, _) =>
            {
                t++;
                for (var j = 0; j < K; j++)
                {
                    mean[j] = (0.999 * mean[j]) + (0.001 * v[j] * v[j]);
                }
            });
    }

    [Fact]
    public void GapAwareScalarForm_FollowsItsFormula()
    {
        var (path, t) = (0.0, 0);
        HeavyBall(
            () => new GapAware(new GapAwareOptions(GapForm.Scalar)),
            _ => (g, theta, w) =>
            {
                for (var (j, gap) = (0, Math.Sqrt(theta.Zip(w, (a, b) => (a - b) * (a - b)).Sum())); j < K && t > 0; j++)
                {
                    g[j] /= 1 + (gap / (path / t));
                }
            },
            (v, eta) =>
            {
                t++;
                path += eta * Math.Sqrt(v.Sum(element => element * element));
            });
    }

    [Theory]
    [InlineData(GapReference.Parameters)]
    [InlineData(GapReference.LookAhead)]
    public void GapAwareOnDanaZero_FollowsItsFormula(GapReference reference) =>
        Dana(() => new GapAware(new GapAwareOptions(Reference: reference)), (g, theta, ahead, w, mean, t, eta) =>
        {
            for (var j = 0; j < K && t > 0; j++)
            {
                var from = reference == GapReference.LookAhead ? ahead[j] : theta[j];
                g[j] /= 1 + (Math.Abs(from - w[j]) / (eta * (Math.Sqrt(mean[j] / (1 - Math.Pow(0.999, t))) + 1e-8)));
            }
        });

    [Fact]
    public void DelayCompensationOnDanaZero_FollowsItsFormula() =>
        Dana(() => new DelayCompensation(new DelayCompensationOptions(Lambda: 2)), (g, theta, _, w, _, _, _) =>
        {
            for (var j = 0; j < K; j++)
            {
                g[j] += 2 * g[j] * g[j] * (theta[j] - w[j]);
            }
        });

    private static void Weighted(Func<ICorrection> correction, Func<long, double> weight) =>
        new Trace(4, 0.004).AssertAgrees(Setup(() => new Sgd(new SgdOptions(Gamma)), correction), trace =>
        {
            var (theta, sent, v, pulled) = (Trace.Start(), trace.PerWorker(1), new double[K], new long[4]);
            for (var k = 0; k < Trace.Updates; k++)
            {
                var i = trace.Worker(k);
                var g = trace.Gradient(i, sent[i]);
                for (var j = 0; j < K; j++)
                {
                    v[j] = (Gamma * v[j]) + (g[j] * weight(k - pulled[i]));
                    theta[j] -= trace.Eta * v[j];
                    sent[i][j] = theta[j];
                }

                pulled[i] = k + 1;
            }

            return theta;
        });

    private static void HeavyBall(
        Func<ICorrection> rule, Func<double, Action<double[], double[], double[]>> correct, Action<double[], double>? applied = null) =>
        new Trace(4, 0.004).AssertAgrees(Setup(() => new Sgd(new SgdOptions(Gamma)), rule), trace =>
        {
            var (theta, sent, v) = (Trace.Start(), trace.PerWorker(1), new double[K]);
            for (var k = 0; k < Trace.Updates; k++)
            {
                var i = trace.Worker(k);
                var g = trace.Gradient(i, sent[i]);
                correct(trace.Eta)(g, theta, sent[i]);
                for (var j = 0; j < K; j++)
                {
                    v[j] = (Gamma * v[j]) + g[j];
                    theta[j] -= trace.Eta * v[j];
                    sent[i][j] = theta[j];
                }

                applied?.Invoke(v, trace.Eta);
            }

            return theta;
        });

    private static void Dana(Func<ICorrection> rule, Action<double[], double[], double[], double[], double[], int, double> correct) =>
        new Trace(4, 0.01).AssertAgrees(Setup(() => new DanaZero(new DanaZeroOptions()), rule), trace =>
        {
            var (theta, sent, v, mean) = (Trace.Start(), trace.PerWorker(1), trace.PerWorker(), new double[K]);
            for (var k = 0; k < Trace.Updates; k++)
            {
                var i = trace.Worker(k);
                var g = trace.Gradient(i, sent[i]);
                correct(g, theta, Ahead(trace, theta, v), sent[i], mean, k, trace.Eta);
                for (var j = 0; j < K; j++)
                {
                    v[i][j] = (Gamma * v[i][j]) + g[j];
                    theta[j] -= trace.Eta * v[i][j];
                    mean[j] = (0.999 * mean[j]) + (0.001 * v[i][j] * v[i][j]);
                }

                sent[i] = Ahead(trace, theta, v);
            }

            return theta;
        });

    private static double[] Ahead(Trace trace, double[] theta, double[][] v) =>
        [.. Enumerable.Range(0, K).Select(j => theta[j] - (trace.Eta * Gamma * v.Sum(velocity => velocity[j])))];

    private static RuleSetup Setup(Func<IOptimizer> optimizer, Func<ICorrection> correction) => new() { Optimizer = optimizer, Corrections = [correction] };
}
