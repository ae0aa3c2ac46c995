using System.Globalization;
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
    private (string Section, ILoadedDataset Data, DatasetShape Shape)? newest;

    /// <summary>The data and its shape, read if they are not there yet.</summary>
    /// <param name="section">The data set as a pipeline configures it.</param>
    /// <param name="folders">Where data lies.</param>
    /// <exception cref="DataException">It cannot be read, or changed meanwhile.</exception>
    public (ILoadedDataset Data, DatasetShape Shape) Of(PluginSection section, DataFolders folders)
    {
        lock (gate)
        {
            if (newest?.Section != section.Json)
            {
                // The old one first: two may not fit.
                newest = null;
                var (data, shape) = Read(section, folders);
                newest = (section.Json, data, shape);
            }

            return (newest.Value.Data, newest.Value.Shape);
        }
    }

    /// <summary>The data and its shape, read for one run alone.</summary>
    /// <param name="section">The data set as a pipeline configures it.</param>
    /// <param name="folders">Where data lies.</param>
    /// <exception cref="DataException">It cannot be read, or changed meanwhile.</exception>
    public static (ILoadedDataset Data, DatasetShape Shape) Read(PluginSection section, DataFolders folders)
    {
        var dataset = section.Create<IDataset>();
        var (data, shape) = (dataset.Load(folders), dataset.Describe(folders));
        return (shape.TrainCount, shape.TestCount) == (data.Train.Count, data.Test.Count)
            ? (data, shape)
            : throw new DataException(string.Create(CultureInfo.InvariantCulture,
                $"{section.Name}: {data.Train.Count} training and {data.Test.Count} test samples were read, and then there were {shape.TrainCount} and {shape.TestCount}: its files changed meanwhile. Start again once nobody writes to them."));
    }
}
