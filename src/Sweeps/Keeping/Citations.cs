using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;
using Orchestrator.Runs;

namespace Orchestrator.Sweeps;

/// <summary>
/// Which run folders somebody rests on: the tables of sweeps, ledgers, sweeps that go on from them,
/// and runs that follow their schedules or start from their parameters.
/// </summary>
public sealed class Citations
{
    private const int LargestPipeline = 1 << 24;

    private readonly Dictionary<string, List<Citation>> byFolder = [];
    private readonly HashSet<string> completedElsewhere = [];
    private readonly Dictionary<string, CompletedRun> done = [];
    private readonly HashSet<string> digests;
    private readonly string output;

    private Citations(string output, HashSet<string> digests) => (this.output, this.digests) = (Path.GetFullPath(output), digests);

    /// <summary>Looks at a folder of runs.</summary>
    /// <param name="output">The folder.</param>
    /// <param name="ledger">Rows of ledgers, by the run's key.</param>
    /// <param name="runs">All runs under the folder.</param>
    public static Citations Of(string output, IReadOnlyDictionary<string, CompletedRun> ledger, IReadOnlyList<RunEntry> runs)
    {
        var found = new Citations(output, [.. ledger.Values.Select(row => row.Digest).OfType<string>()]);
        var claims = SweepFolder.ClaimsOf(output);
        foreach (var folder in (Directory.Exists(claims) ? Directory.EnumerateDirectories(claims) : []).Select(path => new ClaimFolder(path)))
        {
            found.Add(folder);
        }

        foreach (var run in runs)
        {
            found.AddNamedBy(run);
        }

        return found;
    }

    /// <summary>Who rests on a run, in words; null where nobody does.</summary>
    public string? Why(RunEntry run) => Why(run, new HashSet<string>());

    /// <summary>Which of some runs somebody rests on who does not go with them.</summary>
    /// <param name="going">Runs that are to go.</param>
    /// <returns>The folders of those that stay, each with who rests on it, in words.</returns>
    public IReadOnlyDictionary<string, string> Staying(IEnumerable<RunEntry> going)
    {
        var (left, staying) = (going.DistinctBy(run => run.Folder).ToList(), new Dictionary<string, string>());
        for (var found = true; found;)
        {
            // Whoever stays keeps what it rests on.
            var names = left.Select(NameOf).ToHashSet(StringComparer.Ordinal);
            foreach (var run in left)
            {
                if (Why(run, names) is { } why)
                {
                    staying.Add(run.Folder, why);
                }
            }

            found = left.RemoveAll(run => staying.ContainsKey(run.Folder)) > 0;
        }

        return staying;
    }

    private string? Why(RunEntry run, HashSet<string> without) =>
        byFolder.GetValueOrDefault(NameOf(run))?.Find(citation => citation.By is not { } citing || !without.Contains(citing))?.Why ?? (
            run.Document?.Digest is { } digest && digests.Contains(digest) && !completedElsewhere.Contains(digest) ? "a row of a ledger has its digest" : null);

    /// <summary>
    /// The completion that counts of the run of a sweep that this was an attempt at; null where it
    /// is this one, or there is none.
    /// </summary>
    public CompletedRun? CompletedInstead(RunEntry run) =>
        run.Document?.Run.Options.GetValueOrDefault("key") is { } key && done.TryGetValue(key, out var counts) && counts.Folder != NameOf(run) && Directory.Exists(Path.Combine(output, counts.Folder))
            ? counts
            : null;

    private string NameOf(RunEntry run) => Path.GetRelativePath(output, run.Folder).Replace('\\', '/');

    private void AddNamedBy(RunEntry run)
    {
        var citing = NameOf(run);
        Cite(run.Document?.Run.Schedule?.Folder, "follows its schedule");
        try
        {
            var pipeline = JsonNode.Parse(RegularFile.ReadAllBytes(Resumption.PipelineOf(run), LargestPipeline)) as JsonObject;
            Cite(Text(pipeline?["schedule"]), "follows its schedule");
            Cite(Text((pipeline?["initial"] as JsonObject)?["from"]), "starts from its parameters");
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException or ArgumentException)
        {
            // A folder without a pipeline that can be read names no other.
        }

        static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

        // A folder, or a file in one; NAME/ID-ATTEMPT are the first two steps below the folder of
        // all runs.
        void Cite(string? path, string why)
        {
            var steps = path is null || !Path.IsPathFullyQualified(path) ? [] : Path.GetRelativePath(output, path).Replace('\\', '/').Split('/');
            var cited = steps.Length < 2 || steps[0] == ".." ? "" : $"{steps[0]}/{steps[1]}";
            if (cited.Length > 0 && cited != citing)
            {
                Keep(cited, new(citing, $"{citing} {why}"));
            }
        }
    }

    private void Add(ClaimFolder claims)
    {
        if (claims.ReadDone() is { } completed)
        {
            done[completed.Key] = completed;
            Keep(completed.Folder, new(null, "a sweep's table rests on it"));
            if (completed.Digest is { } digest && Directory.Exists(Path.Combine(output, completed.Folder)))
            {
                completedElsewhere.Add(digest);
            }

            return;
        }

        var last = claims.Read().Last;
        foreach (var folder in Enumerable.Range(1, last).Select(claims.ReadAttempt).OfType<string>())
        {
            Keep(folder, new(null, "a sweep that is not complete may go on from it"));
        }
    }

    private void Keep(string folder, Citation citation)
    {
        if (!byFolder.TryGetValue(folder, out var citations))
        {
            byFolder.Add(folder, citations = []);
        }

        citations.Add(citation);
    }

    // By: the run that names it, which may go together with it; null where no run does.
    private sealed record Citation(string? By, string Why);
}
