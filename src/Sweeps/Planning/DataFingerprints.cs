using Orchestrator.Abstractions;
using Orchestrator.Composition;

namespace Orchestrator.Sweeps;

/// <summary>Fingerprints of the data that cells are about; each data set is read once.</summary>
/// <param name="folders">Where data lies.</param>
internal sealed class DataFingerprints(DataFolders folders)
{
    private readonly Dictionary<string, string> known = [];

    /// <summary>
    /// The fingerprint; null where the data cannot be read, which is then a mistake.
    /// </summary>
    public string? Of(PluginSection dataset, SweepMistakes mistakes)
    {
        if (known.TryGetValue(dataset.Json, out var fingerprint))
        {
            return fingerprint;
        }

        try
        {
            return known[dataset.Json] = dataset.Create<IDataset>().Load(folders).Fingerprint;
        }
        catch (Exception failure) when (failure is DataException or OptionException or PluginException)
        {
            mistakes.Add(dataset.Origin, dataset.Path, failure.Message);
            return null;
        }
    }
}
