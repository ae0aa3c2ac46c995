using Orchestrator.Abstractions;
using Orchestrator.Engine;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs;

/// <summary>Keeps snapshots of a run's parameters in its folder.</summary>
/// <param name="folder">The run's folder.</param>
/// <param name="layout">Names the tensors.</param>
internal sealed class SnapshotWriter(string folder, ParameterLayout layout) : ISnapshots
{
    /// <exception cref="RecorderException">It cannot be written.</exception>
    public void Take(long version, ReadOnlySpan<float> parameters) =>
        SnapshotFiles.Write(folder, version, layout, parameters[..layout.Length], parameters.Slice(layout.Length, layout.BufferLength));
}
