using Orchestrator.Abstractions;
using Orchestrator.Optimizers;
using Orchestrator.Testing;

namespace Orchestrator.Rules.Tests.Oracles;

/// <summary>
/// Worker rules, with plain SGD at the server, beside double-precision loops. Compression: its
/// decisions are discrete, so the loop sorts.
/// </summary>
public sealed class WorkerRuleOracles
{
    private const int K = Trace.K;

    [Fact]
    public void DanaSlim_FollowsItsFormula() =>
        Plain(0.004, () => new DanaSlim(new DanaSlimOptions()), trace =>
        {
            var v = trace.PerWorker();
            return (i, sent) =>
            {
                var g = trace.Gradient(i, sent);
                for (var j = 0; j < K; j++)
                {
                    v[i][j] = (0.9 * v[i][j]) + g[j];
                    g[j] += 0.9 * v[i][j];
                }

                return g;
            };
        });

    [Fact]
    public void LocalSteps_FollowTheirFormula() =>
        Plain(0.004, () => new LocalSteps(new LocalStepsOptions(5, 0.05)), trace => (i, sent) =>
        {
            double[] x = [.. sent];
            for (var t = 0; t < 5; t++)
            {
                var g = trace.Gradient(i, x);
                for (var j = 0; j < K; j++)
                {
                    x[j] -= 0.05 * g[j];
                }
            }

            return [.. x.Select((element, j) => (sent[j] - element) / 0.05)];
        });

    [Fact]
    public void TopK_FollowsItsFormula() =>
        Plain(0.02, () => new TopK(new TopKOptions(0.25)), trace =>
        {
            var residual = trace.PerWorker();
            return (i, sent) =>
            {
                var g = trace.Gradient(i, sent);
                var sum = g.Select((element, j) => element + residual[i][j]).ToArray();
                var kept = Enumerable.Range(0, K).OrderByDescending(j => Math.Abs(sum[j])).Take(4).ToHashSet();
                residual[i] = [.. sum.Select((element, j) => kept.Contains(j) ? 0 : element)];
                return [.. sum.Select((element, j) => kept.Contains(j) ? element : 0)];
            };
        });

    [Fact]
    public void OneBit_FollowsItsFormula() =>
        Plain(0.02, () => new OneBit(new OneBitOptions(5)), trace =>
        {
            var residual = trace.PerWorker();
            return (i, sent) =>
            {
                var g = trace.Gradient(i, sent);
                var sum = g.Select((element, j) => element + residual[i][j]).ToArray();
                var blocks = sum.Chunk(5).SelectMany(block => block.Select(element => block.Where(other => other >= 0 == element >= 0).Average()));
                double[] push = [.. blocks];
                residual[i] = [.. sum.Zip(push, (element, pushed) => element - pushed)];
                return push;
            };
        });

    [Fact]
    public void TwoBit_FollowsItsFormula() =>
        Plain(0.02, () => new TwoBit(new TwoBitOptions(0.25)), trace =>
        {
            var residual = trace.PerWorker();
            return (i, sent) =>
            {
                var g = trace.Gradient(i, sent);
                var sum = g.Select((element, j) => element + residual[i][j]).ToArray();
                double[] push = [.. sum.Select(element => element >= 0.25 ? 0.25 : element <= -0.25 ? -0.25 : 0)];
                residual[i] = [.. sum.Zip(push, (element, pushed) => element - pushed)];
                return push;
            };
        });

    private static void Plain(double eta, Func<IWorkerRule> rule, Func<Trace, Func<int, double[], double[]>> worker) =>
        new Trace(4, eta).AssertAgrees(new RuleSetup { Optimizer = () => new Sgd(new SgdOptions()), WorkerRule = rule }, trace =>
        {
            var (theta, sent, push) = (Trace.Start(), trace.PerWorker(1), worker(trace));
            for (var k = 0; k < Trace.Updates; k++)
            {
                var i = trace.Worker(k);
                var pushed = push(i, sent[i]);
                for (var j = 0; j < K; j++)
                {
                    theta[j] -= trace.Eta * pushed[j];
                    sent[i][j] = theta[j];
                }
            }

            return theta;
        });
}
