using Orchestrator.Abstractions;
using Orchestrator.Composition;

namespace Orchestrator.Sweeps;

/// <summary>
/// The data that cells are about; each data set is read once, and the newest is kept.
/// </summary>
/// <param name="folders">Where data lies.</param>
internal sealed class DataSets(DataFolders folders)
{
    private readonly Dictionary<string, string> fingerprints = [];
    private (string Section, ILoadedDataset Data)? newest;

    /// <summary>
    /// The fingerprint of a data set; null where it cannot be read, which is then a mistake.
    /// </summary>
    public string? FingerprintOf(PluginSection dataset, SweepMistakes mistakes)
    {
        if (fingerprints.TryGetValue(dataset.Json, out var fingerprint))
        {
            return fingerprint;
        }

        try
        {
            return fingerprints[dataset.Json] = Load(dataset).Fingerprint;
        }
        catch (Exception failure) when (failure is DataException or OptionException or PluginException)
        {
            mistakes.Add(dataset.Origin, dataset.Path, failure.Message);
            return null;
        }
    }

    /// <summary>The data.</summary>
    /// <exception cref="DataException">It cannot be read.</exception>
    public ILoadedDataset Load(PluginSection dataset)
    {
        if (newest?.Section != dataset.Json)
        {
            newest = (dataset.Json, dataset.Create<IDataset>().Load(folders));
        }

        return newest!.Value.Data;
    }
}
