using Orchestrator.Abstractions;
using Orchestrator.Composition;

namespace Orchestrator.Runs;

/// <summary>
/// A data set that the runs of one process share, so that it is read once: the newest one is kept.
/// Safe from several threads.
/// </summary>
public sealed class LoadedData
{
    private readonly Lock gate = new();
    private (string Section, ILoadedDataset Data)? newest;

    /// <summary>The data, read if it is not there yet.</summary>
    /// <param name="section">The data set as a pipeline configures it.</param>
    /// <param name="folders">Where data lies.</param>
    /// <exception cref="DataException">It cannot be read.</exception>
    public ILoadedDataset Of(PluginSection section, DataFolders folders)
    {
        lock (gate)
        {
            if (newest?.Section != section.Json)
            {
                // The old one first: two may not fit.
                newest = null;
                newest = (section.Json, section.Create<IDataset>().Load(folders));
            }

            return newest!.Value.Data;
        }
    }
}
