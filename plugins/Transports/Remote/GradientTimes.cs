using System.Globalization;

namespace Orchestrator.Transports;

/// <summary>
/// How long work may be out at a host: twenty times the longest that any took so far, and at least
/// a minute; fifteen minutes before the first result. Counted in ticks of the watch, from the
/// hand-over to the result, so that a machine that sleeps accuses nobody. Used by the watch alone.
/// </summary>
internal sealed class GradientTimes(Limits limits)
{
    private int longest;
    private bool any;

    /// <summary>Ticks.</summary>
    public int Bound => any
        ? Math.Max(limits.Ticks(limits.LeastGradient), (int)Math.Min(int.MaxValue, (long)limits.GradientFactor * longest))
        : limits.Ticks(limits.FirstGradient);

    /// <summary>Work has ended.</summary>
    /// <param name="ticks">How long it was out.</param>
    /// <param name="hasResults">Whether its host has completed any.</param>
    public void Took(int ticks, bool hasResults)
    {
        any |= hasResults;
        longest = Math.Max(longest, ticks);
    }

    /// <summary>Why a host is given up.</summary>
    public string Exceeded(int ticks) => string.Create(
        CultureInfo.InvariantCulture,
        $"it holds a gradient for {Seconds(ticks)} s, where {Seconds(Bound)} s are allowed ({limits.GradientFactor} times the longest so far, at least {limits.LeastGradient / 1000.0} s)");

    private double Seconds(int ticks) => ticks * limits.Tick / 1000.0;
}
