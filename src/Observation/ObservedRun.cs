namespace Orchestrator.Observation;

/// <summary>What a run is called in metrics and traces.</summary>
/// <param name="Id">The run's id and attempt, as its folder is named.</param>
/// <param name="Name">The pipeline's name.</param>
/// <param name="Optimizer">Plugin name.</param>
/// <param name="Consistency">Plugin name.</param>
/// <param name="Transport">Plugin name.</param>
/// <param name="Workers">Number of workers.</param>
/// <param name="IsVirtual">Whether its clock is the virtual one.</param>
public sealed record ObservedRun(string Id, string Name, string Optimizer, string Consistency, string Transport, int Workers, bool IsVirtual)
{
    /// <summary>
    /// What else tells it apart: its seed, and the sweep, the cell and the key where it belongs to
    /// a sweep. Attributes of its resource and of its span.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, object>> Labels { get; init; } = [];
}
