using Xunit;

namespace Orchestrator.Testing;

/// <summary>
/// Two compositions of rules that send every worker the same: bit for bit, or within a distance
/// relative to the norm that the parameters start with, because a run carries along the roundings
/// of its largest parameters (a walk of about 2e-8 of their size per update).
/// </summary>
public abstract class IdentityContract
{
    /// <summary>The rule in question.</summary>
    protected abstract RuleSetup Rule { get; }

    /// <summary>What it equals.</summary>
    protected abstract RuleSetup Equal { get; }

    /// <summary>Largest relative distance; 0 for bit for bit.</summary>
    protected virtual double Tolerance => 0;

    /// <summary>Updates over which it holds.</summary>
    protected virtual int Updates => 1000;

    /// <summary>
    /// After every update, each worker of the two compositions was last sent the same.
    /// </summary>
    [Fact]
    public void Sent_IsTheSame()
    {
        using var expected = new RuleHarness(Equal);
        using var actual = new RuleHarness(Rule);
        for (var update = 1; update <= Updates; update++)
        {
            expected.Run(1);
            actual.Run(1);
            for (var worker = 0; worker < Rule.Workers; worker++)
            {
                AssertSame(expected.Sent(worker), actual.Sent(worker), $"sent to worker {worker} after {update} updates");
            }
        }
    }

    private void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        if (Tolerance == 0)
        {
            Vectors.AssertSameBits(expected, actual, what);
        }
        else
        {
            Vectors.AssertClose(expected, actual, Tolerance * Math.Sqrt(expected.Length), what);
        }
    }
}
