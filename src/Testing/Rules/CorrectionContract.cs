using Orchestrator.Abstractions;
using Xunit;

namespace Orchestrator.Testing;

/// <summary>
/// What every correction promises. A plugin's test project inherits it once per plugin or set of
/// options and gives <see cref="Create"/>.
/// </summary>
public abstract class CorrectionContract : IPluginContract
{
    private const int Updates = 300;

    /// <summary>A fresh instance.</summary>
    protected abstract ICorrection Create();

    /// <summary>
    /// The optimizer it is run with; the default is heavy ball, which sends the parameters
    /// themselves.
    /// </summary>
    protected virtual IOptimizer CreateOptimizer() => new ReferenceHeavyBall();

    /// <summary>
    /// Whether stale gradients come out changed; false only for options that turn the correction
    /// off.
    /// </summary>
    protected virtual bool Corrects => true;

    object IPluginContract.NewSubject() => Create();

    /// <summary>
    /// With one worker nothing is stale, so parameters are those without the correction, bit for
    /// bit.
    /// </summary>
    [Fact]
    public void Correct_WithOneWorker_ChangesNoBit()
    {
        using var plain = new RuleHarness(Setup(1) with { Corrections = [] });
        using var corrected = new RuleHarness(Setup(1));
        plain.Run(Updates);
        corrected.Run(Updates);
        Vectors.AssertSameBits(plain.Parameters, corrected.Parameters, "one worker, corrected");
    }

    /// <summary>With eight workers the correction makes a difference, unless it is off.</summary>
    [Fact]
    public void Correct_OfStaleGradients_ChangesThem()
    {
        using var plain = new RuleHarness(Setup(8) with { Corrections = [] });
        using var corrected = new RuleHarness(Setup(8));
        plain.Run(Updates);
        corrected.Run(Updates);
        Assert.True(
            Corrects != plain.Parameters.SequenceEqual(corrected.Parameters),
            Corrects ? "Eight workers end where they do without the correction: it never acted." : "The correction acts, although it is off.");
    }

    /// <summary>Parameters stay finite while the learning rate rises from nearly nothing.</summary>
    [Fact]
    public void Correct_OfStaleGradients_StaysFinite()
    {
        using var harness = new RuleHarness(Setup(8) with { LearningRate = version => 1e-6 * (1 + version) });
        harness.Run(Updates);
        foreach (var element in harness.Parameters)
        {
            Assert.True(float.IsFinite(element), $"A parameter became {element}; the learning rate rose from 1e-6 to 3e-4.");
        }
    }

    /// <summary>Called tile by tile it gives the bits of one call for the whole vector.</summary>
    [Fact]
    public void Correct_TileByTile_ChangesNoBit()
    {
        using var whole = new RuleHarness(Setup(8));
        using var tiles = new RuleHarness(Setup(8) with { Tile = 7 });
        whole.Run(Updates);
        tiles.Run(Updates);
        Vectors.AssertSameBits(whole.Parameters, tiles.Parameters, "in tiles");
    }

    /// <summary>Saving and restoring its state in mid-run changes no bit.</summary>
    [Fact]
    public void State_SavedAndRestoredInMidRun_ChangesNoBit()
    {
        using var straight = new RuleHarness(Setup(8));
        straight.Run(Updates / 2);
        using var resumed = new RuleHarness(Setup(8));
        resumed.ContinueFrom(straight);
        straight.Run(Updates / 2);
        resumed.Run(Updates / 2);
        Vectors.AssertSameBits(straight.Parameters, resumed.Parameters, "resumed");
    }

    /// <summary>Two instances in one process do not influence each other.</summary>
    [Fact]
    public void Instances_ShareNothing()
    {
        using var first = new RuleHarness(Setup(8));
        using var second = new RuleHarness(Setup(8));
        first.Run(Updates);
        second.Run(Updates);
        Vectors.AssertSameBits(first.Parameters, second.Parameters, "second instance");
    }

    /// <summary>Once warm, a correction allocates no memory.</summary>
    [Fact]
    public void Correct_AllocatesNothing() => Allocations.AssertNone(Setup(8));

    private RuleSetup Setup(int workers) => new()
    {
        Optimizer = CreateOptimizer,
        Corrections = [Create],
        Workers = workers,
        Length = 37,
        LearningRate = version => version < 100 ? 0.005 : 0.002,
    };
}
