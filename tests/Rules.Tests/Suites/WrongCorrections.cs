using Orchestrator.Abstractions;
using Orchestrator.Testing;
using Xunit.Sdk;

namespace Orchestrator.Rules.Tests.Suites;

/// <summary>
/// For each promise of the correction suite a correction that breaks it, and the method that says
/// so.
/// </summary>
public sealed class WrongCorrections
{
    [Fact]
    public void Counting_staleness_from_zero_is_caught() =>
        Assert.ThrowsAny<XunitException>(
            new Suite((in Push push, float theta, float g) => g / Math.Max(0.5f, push.Staleness)).Correct_WithOneWorker_ChangesNoBit);

    [Fact]
    public void A_gap_without_its_one_is_caught() =>
        Assert.ThrowsAny<XunitException>(
            new Suite((in Push push, float theta, float g) => g / (0.001f + Math.Abs(theta - push.Sent[0]))).Correct_WithOneWorker_ChangesNoBit);

    [Fact]
    public void A_correction_that_never_acts_is_caught() =>
        Assert.ThrowsAny<XunitException>(new Suite((in Push push, float theta, float g) => g).Correct_OfStaleGradients_ChangesThem);

    [Fact]
    public void A_correction_that_should_be_off_and_is_not_is_caught() =>
        Assert.ThrowsAny<XunitException>(
            new Suite((in Push push, float theta, float g) => g / (1 + push.Staleness), corrects: false).Correct_OfStaleGradients_ChangesThem);

    [Fact]
    public void Division_by_zero_is_caught() =>
        Assert.ThrowsAny<XunitException>(
            new Suite((in Push push, float theta, float g) => push.Staleness == 0 ? g : g / (push.Staleness - 3)).Correct_OfStaleGradients_StaysFinite);

    [Fact]
    public void Treating_a_tile_as_one_is_caught() =>
        Assert.ThrowsAny<XunitException>(
            new Suite((in Push push, float theta, float g) => push.Staleness == 0 ? g : g / (1 + push.Sent[^1])).Correct_TileByTile_ChangesNoBit);

    [Fact]
    public void State_outside_the_rule_state_is_caught() =>
        Assert.ThrowsAny<XunitException>(Remembering(() => 0L).State_SavedAndRestoredInMidRun_ChangesNoBit);

    [Fact]
    public void State_shared_between_instances_is_caught()
    {
        var calls = 0L;
        Assert.ThrowsAny<XunitException>(new Suite((in Push push, float theta, float g) => push.Staleness == 0 ? g : g / ++calls).Instances_ShareNothing);
    }

    [Fact]
    public void Allocation_is_caught() =>
        Assert.ThrowsAny<XunitException>(new Suite((in Push push, float theta, float g) => push.Sent.ToArray()[0] > 0 ? g : 0).Correct_AllocatesNothing);

    private delegate float Element(in Push push, float theta, float gradient);

    // Each instance counts for itself, from what it is given at its start.
    private static Suite Remembering(Func<long> start) => new(() =>
    {
        var calls = start();
        return (in Push push, float theta, float g) => push.Staleness == 0 ? g : g / ++calls;
    });

    private sealed class Suite(Func<Element> create, bool corrects = true) : CorrectionContract
    {
        public Suite(Element element, bool corrects = true)
            : this(() => element, corrects)
        {
        }

        protected override bool Corrects => corrects;

        protected override ICorrection Create() => new ByElement(create());
    }

    private sealed class ByElement(Element element) : ICorrection
    {
        public void Attach(RuleContext context)
        {
        }

        public void Correct(in Push push, ReadOnlySpan<float> reference, Span<float> gradient)
        {
            for (var i = 0; i < gradient.Length; i++)
            {
                gradient[i] = element(push, reference[i], gradient[i]);
            }
        }
    }
}
