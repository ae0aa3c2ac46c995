using System.Globalization;
using Orchestrator.Abstractions;

namespace Orchestrator.Runs;

/// <summary>
/// What each worker host carried, one line each; nothing for a run within one process.
/// </summary>
internal static class HostLines
{
    private const int Most = 16;

    public static IEnumerable<string> Of(IReadOnlyList<HostTraffic> hosts)
    {
        var others = hosts.Where(host => host.Host > 0).ToList();
        var all = Math.Max(1, others.Sum(host => host.Pushes));
        foreach (var host in others.Take(Most))
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"host {host.Host} ({host.Name}, {host.Cores} threads): {100.0 * host.Pushes / all:F1} % of the pushes, {host.BytesDown / 1e6:F1} MB down, {host.BytesUp / 1e6:F1} MB up{(host.Left is { } why ? "; " + why : "")}");
        }

        if (others.Count > Most)
        {
            yield return $"and {others.Count - Most} more hosts";
        }
    }
}
