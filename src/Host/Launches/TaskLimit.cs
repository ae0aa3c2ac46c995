using System.Globalization;
using Orchestrator.Abstractions;

namespace Orchestrator.Host;

/// <summary>The time of one task, as whoever started it says.</summary>
internal sealed class TaskLimit
{
    /// <summary>When it is over; null where no limit is known.</summary>
    public DateTimeOffset? Until { get; private init; }

    /// <summary>How long the task is from here on.</summary>
    public TimeSpan Whole { get; private init; }

    /// <summary>Whether a run has begun within it.</summary>
    public bool HasBegun { get; set; }

    /// <summary>Of this process, which is at its beginning.</summary>
    public static TaskLimit Read()
    {
        if (!long.TryParse(Environment.GetEnvironmentVariable(LaunchRequest.UntilVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return new TaskLimit();
        }

        var until = DateTimeOffset.FromUnixTimeSeconds(seconds);
        var whole = until - TimeProvider.System.GetUtcNow();
        return new TaskLimit { Until = until, Whole = whole > TimeSpan.Zero ? whole : TimeSpan.Zero };
    }
}
