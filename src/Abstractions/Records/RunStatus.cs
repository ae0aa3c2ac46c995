using System.Text.Json.Serialization;

namespace Orchestrator.Abstractions;

/// <summary>How a run stands or ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunStatus>))]
public enum RunStatus
{
    /// <summary>Its process holds the folder's lock.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Reached what its pipeline's <c>stop</c> says.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>Was stopped by the user or the system, or its process died.</summary>
    [JsonStringEnumMemberName("interrupted")]
    Interrupted,

    /// <summary>Ended by an error; the message says which.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Ended early because its loss or parameters were no longer finite.</summary>
    [JsonStringEnumMemberName("diverged")]
    Diverged,
}
