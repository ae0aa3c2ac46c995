using Orchestrator.Abstractions;
using Xunit;

namespace Orchestrator.Testing;

/// <summary>
/// What every optimizer promises. A plugin's test project inherits it once per plugin (or per set
/// of options) and gives <see cref="Create"/>.
/// </summary>
public abstract class OptimizerContract : IPluginContract
{
    private const int Updates = 300;
    private const int Length = 37;

    /// <summary>A fresh instance.</summary>
    protected abstract IOptimizer Create();

    /// <summary>
    /// What workers do between pull and push; the default gives the optimizer what it accepts.
    /// </summary>
    protected virtual IWorkerRule? CreateWorkerRule() => Create().Accepts == Payload.Parameters ? new ReferenceLocalStep() : null;

    object IPluginContract.NewSubject() => Create();

    /// <summary>Called tile by tile it gives the bits of one call for the whole vector.</summary>
    [Fact]
    public void Apply_TileByTile_ChangesNoBit()
    {
        AssertSameRun(Setup(), Setup() with { Tile = 7 }, "in tiles");
        AssertSameRun(Setup(), Setup() with { Tile = 16 }, "in tiles");
    }

    /// <summary>
    /// An element-wise optimizer gives the same bits where two servers hold half of the parameters
    /// each.
    /// </summary>
    [Fact]
    public void Apply_OnTwoServerShards_ChangesNoBit()
    {
        Assert.SkipUnless(Create().ElementWise, "It is not element-wise: one server shard only.");
        var (first, whole) = (16, Length);
        using var one = new RuleHarness(Setup());
        using var left = new RuleHarness(Setup() with { Length = first, WholeLength = whole });
        using var right = new RuleHarness(Setup() with { Length = whole - first, WholeLength = whole, FirstElement = first });
        one.Run(Updates);
        left.Run(Updates);
        right.Run(Updates);
        Vectors.AssertSameBits(one.Parameters[..first], left.Parameters, "first shard");
        Vectors.AssertSameBits(one.Parameters[first..], right.Parameters, "second shard");
    }

    /// <summary>Saving and restoring its state in mid-run changes no bit.</summary>
    [Fact]
    public void State_SavedAndRestoredInMidRun_ChangesNoBit()
    {
        using var straight = new RuleHarness(Setup());
        straight.Run(Updates / 2);
        using var resumed = new RuleHarness(Setup());
        resumed.ContinueFrom(straight);
        straight.Run(Updates / 2);
        resumed.Run(Updates / 2);
        AssertSamePlace(straight, resumed, "resumed");
    }

    /// <summary>Two instances in one process do not influence each other.</summary>
    [Fact]
    public void Instances_ShareNothing()
    {
        using var first = new RuleHarness(Setup());
        using var second = new RuleHarness(Setup());
        for (var i = 0; i < Updates; i++)
        {
            first.Run(1);
        }

        second.Run(Updates);
        AssertSamePlace(first, second, "second instance");
    }

    /// <summary>Sending parameters to a worker changes neither them nor the state.</summary>
    [Fact]
    public void Send_ChangesNothing()
    {
        using var harness = new RuleHarness(Setup());
        harness.Run(50);
        var (state, parameters) = (harness.SaveRules(), harness.Parameters.ToArray());
        var (once, twice) = (new float[parameters.Length], new float[parameters.Length]);
        harness.Send(1, 3, once);
        harness.Send(1, 3, twice);
        Vectors.AssertSameBits(once, twice, "sent twice");
        Vectors.AssertSameBits(parameters, harness.Parameters, "parameters after a pull");
        Assert.True(state.AsSpan().SequenceEqual(harness.SaveRules()), "A pull changed the optimizer's state.");
    }

    /// <summary>
    /// Where <see cref="IOptimizer.SendsParameters"/> is true, it sends the parameters as they are.
    /// </summary>
    [Fact]
    public void Send_WhereParametersAreSent_SendsThem()
    {
        using var harness = new RuleHarness(Setup());
        harness.Run(50);
        var sent = new float[harness.Parameters.Length];
        harness.Optimizer.Send(new Pull(0, harness.Version, 4, 0, harness.LearningRate, 0), harness.Parameters, sent);
        Assert.True(
            !harness.Optimizer.SendsParameters || harness.Parameters.SequenceEqual(sent), "SendsParameters is true, but Send makes something else.");
    }

    /// <summary>
    /// Who pushes matters exactly where <see cref="IOptimizer.PerWorker"/> is true.
    /// </summary>
    [Fact]
    public void State_IsPerWorkerAsDeclared()
    {
        using var named = new RuleHarness(Setup());
        using var unnamed = new RuleHarness(Setup() with { Named = _ => Create().PerWorker ? 0 : -1 });
        for (var i = 0; i < Updates; i++)
        {
            named.Deliver(i * i % 3, Constant(i));
            unnamed.Deliver(i * i % 3, Constant(i));
        }

        var (expected, actual) = (new float[Length], new float[Length]);
        named.Send(1, 0, expected);
        unnamed.Send(1, 0, actual);
        var same = named.Parameters.SequenceEqual(unnamed.Parameters) && expected.SequenceEqual(actual);
        Assert.True(same != Create().PerWorker, $"PerWorker is {Create().PerWorker}, but who pushes {(same ? "never matters" : "matters")}.");
    }

    /// <summary>
    /// The velocity has the length of the tile that was asked for, and asking changes no state.
    /// </summary>
    [Fact]
    public void Velocity_HasTheTilesLengthAndChangesNothing()
    {
        using var harness = new RuleHarness(Setup());
        harness.Run(50);
        var state = harness.SaveRules();
        var (offset, length) = harness.Optimizer.ElementWise ? (8, 5) : (0, Length);
        var update = new Update(harness.Version - 1, 0, 4, 0, 1, harness.LearningRate, harness.LargestLearningRate, offset);
        Assert.Equal(length, harness.Optimizer.Velocity(update, new float[length]).Length);
        Assert.True(state.AsSpan().SequenceEqual(harness.SaveRules()), "Asking for the velocity changed the optimizer's state.");
    }

    /// <summary>Once warm, an update allocates no memory.</summary>
    [Fact]
    public void Apply_AllocatesNothing() => Allocations.AssertNone(Setup() with { Corrections = [() => new ReferenceWatcher()] });

    private RuleSetup Setup() => new()
    {
        Optimizer = Create,
        WorkerRule = CreateWorkerRule() is null ? null : () => CreateWorkerRule()!,
        Workers = 4,
        Length = Length,
        LearningRate = version => version < 100 ? 0.02 : 0.01,
    };

    private static float[] Constant(int push) => [.. Enumerable.Repeat(0.01f * (1 + (push % 5)), Length)];

    private static void AssertSameRun(RuleSetup expected, RuleSetup actual, string what)
    {
        using var first = new RuleHarness(expected);
        using var second = new RuleHarness(actual);
        first.Run(Updates);
        second.Run(Updates);
        AssertSamePlace(first, second, what);
    }

    private static void AssertSamePlace(RuleHarness expected, RuleHarness actual, string what)
    {
        Vectors.AssertSameBits(expected.Parameters, actual.Parameters, $"parameters, {what}");
        for (var worker = 0; worker < 4; worker++)
        {
            Vectors.AssertSameBits(expected.Sent(worker), actual.Sent(worker), $"sent to worker {worker}, {what}");
        }
    }
}
