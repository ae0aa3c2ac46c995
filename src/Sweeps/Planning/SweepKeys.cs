using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Orchestrator.Composition;

namespace Orchestrator.Sweeps;

/// <summary>
/// The keys under which results are kept. They must be the same for the same experiment in every
/// later version: an option that is added then is null by default, and what is null by default is
/// left out.
/// </summary>
public static class SweepKeys
{
    private const int Digits = 24;

    /// <summary>What the runs of a cell have in common.</summary>
    /// <param name="pipeline">One of them.</param>
    /// <param name="dataFingerprint">Hexadecimal SHA-256 over the samples.</param>
    public static string OfCell(ResolvedPipeline pipeline, string dataFingerprint) => Hash($"{pipeline.CellJson}\ndata {dataFingerprint}\n");

    /// <summary>One run of a cell.</summary>
    /// <param name="cellKey">The cell's key.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="streams">All seeds of single streams, those that are the same in all runs
    /// too.</param>
    public static string OfRun(string cellKey, long seed, IEnumerable<KeyValuePair<string, long>> streams)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{cellKey}\nseed {seed}\n"));
        foreach (var (name, value) in streams.OrderBy(stream => stream.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
        }

        return Hash(text.ToString());
    }

    /// <summary>The key of one resolved pipeline, however it came about.</summary>
    /// <param name="pipeline">The run's pipeline.</param>
    /// <param name="dataFingerprint">Hexadecimal SHA-256 over the samples.</param>
    public static string OfRun(ResolvedPipeline pipeline, string dataFingerprint) =>
        OfRun(OfCell(pipeline, dataFingerprint), pipeline.Seed, pipeline.Streams?.Seeds ?? new Dictionary<string, long>());

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..Digits];
}
