using Xunit;

namespace Orchestrator.Testing;

/// <summary>
/// What compression with error feedback promises beyond <see cref="WorkerRuleContract"/>: what a
/// push leaves out waits in the worker's state.
/// </summary>
public abstract class ErrorFeedbackContract : WorkerRuleContract
{
    /// <summary>
    /// Gradients given so far are pushes so far plus what waits in the state, within 1e-4 per
    /// element.
    /// </summary>
    [Fact]
    public void Run_LosesNothing()
    {
        var bench = new WorkerRuleBench(Create(), Length);
        var (given, pushed) = (new double[Length], new double[Length]);
        for (var push = 0; push < 200; push++)
        {
            bench.Push(push);
            for (var i = 0; i < Length; i++)
            {
                given[i] += bench.Gradients[i];
                pushed[i] += bench.Pushed[i];
            }
        }

        for (var i = 0; i < Length; i++)
        {
            Assert.True(
                Math.Abs(given[i] - pushed[i] - bench.State[i]) < 1e-4, $"Element {i}: {given[i]} was given, {pushed[i]} pushed, {bench.State[i]} waits.");
        }
    }

    /// <summary>Some of 200 pushes hold something else than zeros.</summary>
    [Fact]
    public void Run_PushesSomething()
    {
        var bench = new WorkerRuleBench(Create(), Length);
        for (var push = 0; push < 200; push++)
        {
            bench.Push(push);
            if (bench.Pushed.Any(element => element != 0))
            {
                return;
            }
        }

        Assert.Fail("200 pushes held zeros alone.");
    }

    /// <summary>A push takes fewer bytes than the gradient itself.</summary>
    [Fact]
    public void PayloadBytes_AreFewerThanTheGradients() =>
        Assert.InRange(Create().PayloadBytes(1_000_000), 1, 3_999_999);
}
