using Orchestrator.Abstractions;

namespace Orchestrator.Delays;

/// <summary>A time in which a worker is on, or off.</summary>
/// <param name="IsOn">Which of the two.</param>
/// <param name="UntilMs">When it ends, ms from the run's start.</param>
internal readonly record struct Window(bool IsOn, double UntilMs);

/// <summary>
/// Delays of workers that come and go: a worker works in its on windows only. What is drawn is the
/// time that a push spends waiting in off windows, from the pull until the drawn compute time has
/// passed in on windows. A worker that is off when it is let go waits for its next on window, its
/// pull behind it: what it pushes then is as stale as it was long away.
/// </summary>
internal abstract class Availability : IDelay
{
    private const int MostWindows = 1_000_000;

    public bool NeedsCompute => true;

    public virtual double Trait(int worker, Random random) => 0;

    public double Milliseconds(in DelayDraw draw)
    {
        var (now, left, waited) = (draw.TimeMs, draw.ComputeMs, 0.0);
        for (var i = 0; i < MostWindows; i++)
        {
            var window = At(draw, now);
            var until = Math.Max(window.UntilMs, Math.BitIncrement(now));
            if (window.IsOn && now + left <= until)
            {
                return waited;
            }

            (left, waited) = window.IsOn ? (left - (until - now), waited) : (left, waited + (until - now));
            now = until;
        }

        throw new InvalidOperationException(
            FormattableString.Invariant($"Worker {draw.Worker} is on too seldom: {draw.ComputeMs} ms of compute time from {draw.TimeMs} ms on have not passed in {MostWindows} windows."));
    }

    /// <summary>The window that a time lies in; its end is behind the time.</summary>
    /// <param name="draw">Whose.</param>
    /// <param name="ms">The time.</param>
    protected abstract Window At(in DelayDraw draw, double ms);
}
