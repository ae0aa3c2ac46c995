using Orchestrator.Abstractions;
using Xunit;

namespace Orchestrator.Testing;

/// <summary>
/// What every worker rule promises. A plugin's test project inherits it once per plugin or set of
/// options and gives <see cref="Create"/>.
/// </summary>
public abstract class WorkerRuleContract : IPluginContract
{
    /// <summary>k in the suite's runs.</summary>
    protected const int Length = 37;

    private const int Pushes = 50;

    /// <summary>A fresh instance.</summary>
    protected abstract IWorkerRule Create();

    object IPluginContract.NewSubject() => Create();

    /// <summary>
    /// One push takes as many gradients as <see cref="IWorkerRule.Batches"/> says.
    /// </summary>
    [Fact]
    public void Run_TakesTheGradientsItAnnounces()
    {
        var bench = new WorkerRuleBench(Create(), Length);
        bench.Push(0);
        Assert.Equal(Create().Batches, bench.GradientsTaken);
    }

    /// <summary>
    /// A fresh instance for every push gives the same bits: the rule itself remembers nothing.
    /// </summary>
    [Fact]
    public void Run_OnAnotherInstanceEachTime_ChangesNoBit()
    {
        var same = new WorkerRuleBench(Create(), Length);
        var fresh = new WorkerRuleBench(Create(), Length);
        for (var push = 0; push < Pushes; push++)
        {
            same.Push(push);
            fresh.Rule = Create();
            fresh.Push(push);
            Vectors.AssertSameBits(same.Pushed, fresh.Pushed, $"push {push} of another instance");
            Vectors.AssertSameBits(same.State, fresh.State, $"state after push {push} of another instance");
        }
    }

    /// <summary>
    /// A push that is computed a second time from the same state gives the same bits.
    /// </summary>
    [Fact]
    public void Run_DoneAgain_GivesTheSameBits()
    {
        var once = new WorkerRuleBench(Create(), Length);
        var again = new WorkerRuleBench(Create(), Length);
        for (var push = 0; push < Pushes; push++)
        {
            once.Push(push);
            float[] state = [.. again.State];
            again.Push(push);
            again.Rewind(state);
            again.Push(push);
            Vectors.AssertSameBits(once.Pushed, again.Pushed, $"push {push} done again");
            Vectors.AssertSameBits(once.State, again.State, $"state after push {push} done again");
        }
    }

    /// <summary>Whatever the memory for push and scratch held before makes no difference.</summary>
    [Fact]
    public void Run_OverwritesThePushAndTrustsNoScratch()
    {
        var clean = new WorkerRuleBench(Create(), Length);
        var dirty = new WorkerRuleBench(Create(), Length) { Garbage = float.NaN };
        for (var push = 0; push < Pushes; push++)
        {
            clean.Push(push);
            dirty.Push(push);
            Vectors.AssertSameBits(clean.Pushed, dirty.Pushed, $"push {push} into used memory");
            Vectors.AssertSameBits(clean.State, dirty.State, $"state after push {push} into used memory");
        }
    }

    /// <summary>A push takes at least one byte, and no fewer for more parameters.</summary>
    [Fact]
    public void PayloadBytes_GrowWithTheParameters()
    {
        var rule = Create();
        var before = 0L;
        foreach (var parameters in (int[])[1, 2, 100, 10_000, 100_000_000])
        {
            var bytes = rule.PayloadBytes(parameters);
            Assert.True(bytes >= Math.Max(1, before), $"{parameters} parameters take {bytes} bytes, fewer take {before}.");
            before = bytes;
        }
    }

    /// <summary>Once warm, a push allocates no memory.</summary>
    [Fact]
    public void Run_AllocatesNothing()
    {
        var bench = new WorkerRuleBench(Create(), Length);
        bench.Push(0);
        Allocations.AssertNone(() => bench.Push(1), "A push");
    }
}
