namespace Orchestrator.Sweeps;

/// <summary>
/// The time of a task with a limit, and which runs still fit into it. A run is begun where its
/// forecast says that it ends in time. One that is longer than a whole task can only go from task
/// to task by its checkpoints, and is begun where half of a task is left.
/// </summary>
/// <param name="until">When the time is over.</param>
/// <param name="whole">How long a whole task is.</param>
/// <param name="clock">Says what time it is.</param>
public sealed class TaskTime(DateTimeOffset until, TimeSpan whole, TimeProvider clock)
{
    // Forecasts are of a machine that does nothing else.
    private const double Margin = 1.25;
    private const double StartSeconds = 2;
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(30);

    /// <summary>Time that is left; none where it is over.</summary>
    public TimeSpan Left => until - clock.GetUtcNow() is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    /// <summary>Whether it is over.</summary>
    public bool IsOver => Left == TimeSpan.Zero;

    /// <summary>Whether a run may be begun.</summary>
    /// <param name="seconds">What it takes; null where nobody knows.</param>
    public bool Fits(double? seconds)
    {
        var needed = (seconds * Margin) + StartSeconds;
        return needed is { } known && known <= whole.TotalSeconds ? known <= Left.TotalSeconds : Left > whole / 2;
    }

    /// <summary>A signal that comes when the time is over, or another does.</summary>
    public CancellationTokenSource Limit(CancellationToken stop)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Left < LongestTimer ? Left : LongestTimer);
        return limit;
    }
}
