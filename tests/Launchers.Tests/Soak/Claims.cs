namespace Orchestrator.Launchers.Tests;

/// <summary>What the folder of claims of a sweep says.</summary>
/// <param name="output">The folder of all runs.</param>
internal sealed class Claims(string output)
{
    private readonly string folder = Path.Combine(output, ".sweeps");

    private IEnumerable<string> Runs => Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [];

    /// <summary>Processes that have a run now.</summary>
    public HashSet<int> Owners() => [.. Runs.Where(run => !File.Exists(Path.Combine(run, "done"))).Select(Owner).OfType<int>()];

    /// <summary>Runs that are complete.</summary>
    public int Done => Runs.Count(run => File.Exists(Path.Combine(run, "done")));

    /// <summary>Runs that were completed a second time, and compared.</summary>
    public int Again => Runs.Sum(run => Directory.EnumerateFiles(run, "again-*").Count());

    /// <summary>Of those, the ones that came to something else.</summary>
    public int Different => Runs.SelectMany(run => Directory.EnumerateFiles(run, "again-*"))
        .Count(file => File.ReadAllText(file).Contains("\"isSame\":false", StringComparison.Ordinal));

    /// <summary>How often a run was claimed.</summary>
    public int Attempts => Runs.Sum(run => Directory.EnumerateFiles(run, "claim-*").Count(name => !name.EndsWith(".tmp", StringComparison.Ordinal)));

    private static int? Owner(string run)
    {
        var last = Directory.EnumerateFiles(run, "claim-*").Where(name => !name.EndsWith(".tmp", StringComparison.Ordinal))
            .Select(name => int.Parse(Path.GetFileName(name)[6..], System.Globalization.CultureInfo.InvariantCulture)).DefaultIfEmpty().Max();
        if (last == 0 || File.Exists(Path.Combine(run, $"end-{last}")))
        {
            return null;
        }

        using var claim = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(run, $"claim-{last}")));
        return claim.RootElement.GetProperty("owner").GetProperty("process").GetInt32();
    }
}
