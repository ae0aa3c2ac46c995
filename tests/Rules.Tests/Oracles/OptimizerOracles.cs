using Orchestrator.Abstractions;
using Orchestrator.Optimizers;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Oracles;

/// <summary>
/// Every optimizer beside a double-precision loop written from its paper's formulas.
/// </summary>
public sealed class OptimizerOracles
{
    private const int K = Trace.K;
    private const double Gamma = 0.9;

    [Theory]
    [InlineData(0, 0.02)]
    [InlineData(0.9, 0.004)]
    [InlineData(-0.8, 0.03)]
    public void Sgd_FollowsItsFormula(double momentum, double eta) =>
        new Trace(4, eta).AssertAgrees(new RuleSetup { Optimizer = () => new Sgd(new SgdOptions(momentum)) }, trace =>
        {
            var (theta, sent, v) = (Trace.Start(), trace.PerWorker(1), new double[K]);
            for (var k = 0; k < Trace.Updates; k++)
            {
                var i = trace.Worker(k);
                var g = trace.Gradient(i, sent[i]);
                for (var j = 0; j < K; j++)
                {
                    v[j] = (momentum * v[j]) + g[j];
                    theta[j] -= trace.Eta * v[j];
                    sent[i][j] = theta[j];
                }
            }

            return theta;
        });

    [Fact]
    public void SgdWithWeightDecay_FollowsItsFormula() =>
        new Trace(4, 0.004).AssertAgrees(new RuleSetup { Optimizer = () => new Sgd(new SgdOptions(Gamma)), WeightDecay = 0.1 }, trace =>
        {
            var (theta, sent, v) = (Trace.Start(), trace.PerWorker(1), new double[K]);
            for (var k = 0; k < Trace.Updates; k++)
            {
                var i = trace.Worker(k);
                var g = trace.Gradient(i, sent[i]);
                for (var j = 0; j < K; j++)
                {
                    v[j] = (Gamma * v[j]) + g[j] + (0.1 * theta[j]);
                    theta[j] -= trace.Eta * v[j];
                    sent[i][j] = theta[j];
                }
            }

            return theta;
        });

    [Fact]
    public void SgdNesterov_FollowsItsFormula() =>
        new Trace(4, 0.004).AssertAgrees(new RuleSetup { Optimizer = () => new Sgd(new SgdOptions(Gamma, true)) }, trace =>
        {
            var (theta, sent, v) = (Trace.Start(), trace.PerWorker(1), new double[K]);
            for (var k = 0; k < Trace.Updates; k++)
            {
                var i = trace.Worker(k);
                var g = trace.Gradient(i, sent[i]);
                for (var j = 0; j < K; j++)
                {
                    v[j] = (Gamma * v[j]) + g[j];
                    theta[j] -= trace.Eta * (g[j] + (Gamma * v[j]));
                    sent[i][j] = theta[j];
                }
            }

            return theta;
        });

    [Fact]
    public void NagAsgd_FollowsItsFormula() => SharedVelocity(() => new NagAsgd(new NagAsgdOptions()), (_, _, eta, v) => -eta * Gamma * v);

    [Fact]
    public void LwpVelocityForm_FollowsItsFormula() => SharedVelocity(() => new Lwp(new LwpOptions()), (_, _, eta, v) => -eta * 4 * v);

    [Fact]
    public void LwpWeightForm_FollowsItsFormula() =>
        SharedVelocity(() => new Lwp(new LwpOptions(Delay: 2.5, Form: PredictionForm.Weight)), (theta, before, _, _) => 2.5 * (theta - before));

    [Fact]
    public void Msnag_FollowsItsFormula() =>
        SharedVelocity(() => new Msnag(new MsnagOptions()), (_, _, eta, v) => -eta * (0.9 + 0.81 + 0.729 + 0.6561) * v);

    [Theory]
    [InlineData(LookAhead.None)]
    [InlineData(LookAhead.Self)]
    [InlineData(LookAhead.All)]
    public void MultiAsgd_FollowsItsFormula(LookAhead lookAhead) =>
        WorkerVelocity(() => new MultiAsgd(new MultiAsgdOptions(LookAhead: lookAhead)), (v, i, j) => lookAhead switch
        {
            LookAhead.None => 0,
            LookAhead.Self => v[i][j],
            _ => v.Sum(velocity => velocity[j]),
        });

    [Fact]
    public void DanaZero_FollowsItsFormula() => WorkerVelocity(() => new DanaZero(new DanaZeroOptions()), (v, _, j) => v.Sum(velocity => velocity[j]));

    [Fact]
    public void Adam_FollowsItsFormula() =>
        new Trace(4, 0.004).AssertAgrees(new RuleSetup { Optimizer = () => new Adam(new AdamOptions()) }, trace =>
        {
            var (theta, sent, m, u) = (Trace.Start(), trace.PerWorker(1), new double[K], new double[K]);
            for (var t = 1; t <= Trace.Updates; t++)
            {
                var i = trace.Worker(t - 1);
                var g = trace.Gradient(i, sent[i]);
                for (var j = 0; j < K; j++)
                {
                    m[j] = (0.9 * m[j]) + (0.1 * g[j]);
                    u[j] = (0.999 * u[j]) + (0.001 * g[j] * g[j]);
                    var (first, second) = (m[j] / (1 - Math.Pow(0.9, t)), u[j] / (1 - Math.Pow(0.999, t)));
                    theta[j] -= trace.Eta * first / (Math.Sqrt(second) + 1e-8);
                    sent[i][j] = theta[j];
                }
            }

            return theta;
        });

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    public void EasgdAndEamsgd_FollowTheirFormula(double delta)
    {
        var setup = new RuleSetup
        {
            Optimizer = () => new Easgd(new EasgdOptions()),
            WorkerRule = () => new LocalSteps(new LocalStepsOptions(10, Momentum: delta, Push: Payload.Parameters)),
        };
        new Trace(4, 0.02).AssertAgrees(setup, trace =>
        {
            var (centre, x, v, alpha) = (Trace.Start(), trace.PerWorker(1), trace.PerWorker(), 0.9 / 4);
            for (var k = 0; k < Trace.Updates; k++)
            {
                var i = trace.Worker(k);
                for (var t = 0; t < 10; t++)
                {
                    // EAMSGD as published: v = delta v - eta g(x + delta v); x += v.
                    var ahead = x[i].Zip(v[i], (position, velocity) => position + (delta * velocity)).ToArray();
                    var g = trace.Gradient(i, ahead);
                    for (var j = 0; j < K; j++)
                    {
                        v[i][j] = (delta * v[i][j]) - (trace.Eta * g[j]);
                        x[i][j] += v[i][j];
                    }
                }

                for (var j = 0; j < K; j++)
                {
                    var e = alpha * (x[i][j] - centre[j]);
                    (x[i][j], centre[j]) = (x[i][j] - e, centre[j] + e);
                }
            }

            return centre;
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.15)]
    public void DelayedNesterov_FollowsItsFormula(double c) =>
        new Trace(4, 0.02).AssertAgrees(new RuleSetup { Optimizer = () => new DelayedNesterov(new DelayedNesterovOptions(0.9, c, 6)) }, trace =>
        {
            const int n = 6;
            var (theta, sent, m, delta) = (Trace.Start(), trace.PerWorker(1), new double[K], new double[K]);
            for (var t = 0; t < Trace.Updates; t++)
            {
                var i = trace.Worker(t);
                var g = trace.Gradient(i, sent[i]);
                for (var j = 0; j < K; j++)
                {
                    delta[j] += g[j];
                    if ((t + 1) % n == 0)
                    {
                        m[j] = (0.9 * m[j]) + (delta[j] / n);
                        theta[j] -= trace.Eta * (((1 - (c * n) + c) * 0.9 * m[j]) + (g[j] / n));
                        delta[j] = 0;
                    }
                    else
                    {
                        theta[j] -= trace.Eta * ((c * 0.9 * m[j]) + (g[j] / n));
                    }

                    sent[i][j] = theta[j];
                }
            }

            return theta;
        });

    // Heavy ball with one velocity; what is sent is theta + ahead(theta, theta before, eta, v).
    private static void SharedVelocity(Func<IOptimizer> optimizer, Func<double, double, double, double, double> ahead) =>
        new Trace(4, 0.002).AssertAgrees(new RuleSetup { Optimizer = optimizer }, trace =>
        {
            var (theta, sent, v) = (Trace.Start(), trace.PerWorker(1), new double[K]);
            for (var k = 0; k < Trace.Updates; k++)
            {
                var i = trace.Worker(k);
                var g = trace.Gradient(i, sent[i]);
                for (var j = 0; j < K; j++)
                {
                    var before = theta[j];
                    v[j] = (Gamma * v[j]) + g[j];
                    theta[j] -= trace.Eta * v[j];
                    sent[i][j] = theta[j] + ahead(theta[j], before, trace.Eta, v[j]);
                }
            }

            return theta;
        });

    // A velocity per worker; what is sent is theta - eta gamma direction(all velocities, worker,
    // element).
    private static void WorkerVelocity(Func<IOptimizer> optimizer, Func<double[][], int, int, double> direction) =>
        new Trace(4, 0.004).AssertAgrees(new RuleSetup { Optimizer = optimizer }, trace =>
        {
            var (theta, sent, v) = (Trace.Start(), trace.PerWorker(1), trace.PerWorker());
            for (var k = 0; k < Trace.Updates; k++)
            {
                var i = trace.Worker(k);
                var g = trace.Gradient(i, sent[i]);
                for (var j = 0; j < K; j++)
                {
                    v[i][j] = (Gamma * v[i][j]) + g[j];
                    theta[j] -= trace.Eta * v[i][j];
                    sent[i][j] = theta[j] - (trace.Eta * Gamma * direction(v, i, j));
                }
            }

            return theta;
        });
}
