using Xunit;

namespace Orchestrator.Testing;

/// <summary>Counts what a thread allocates.</summary>
internal static class Allocations
{
    // Past the thousandth update, where rules may refresh sums.
    private const int Updates = 1100;
    private const int Attempts = 3;

    /// <summary>
    /// Fails when corrections or optimizer allocate, once every worker has pushed.
    /// </summary>
    public static void AssertNone(RuleSetup setup)
    {
        using var harness = new RuleHarness(setup with { LearningRate = _ => 0.02 });
        harness.Run(100);
        var push = new float[setup.Length];
        Deliver(harness, setup.Workers, push, 100);
        AssertNone(() => Deliver(harness, setup.Workers, push, Updates), $"{Updates} updates");
    }

    /// <summary>
    /// Fails when an action allocates; call it once before, so that it is compiled.
    /// </summary>
    public static void AssertNone(Action action, string what)
    {
        // The runtime may allocate on this thread when it compiles a method again; that does not
        // recur, and what the action allocates does.
        var allocated = Enumerable.Range(0, Attempts).Select(_ => Allocated(action)).Min();
        Assert.True(allocated == 0, $"{what} allocated {allocated} bytes.");
    }

    private static long Allocated(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Deliver(RuleHarness harness, int workers, Span<float> push, int updates)
    {
        for (var i = 0; i < updates; i++)
        {
            push.Fill(0.01f);
            harness.Deliver(i % workers, push);
        }
    }
}
