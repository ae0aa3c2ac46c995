using System.Globalization;
using Orchestrator.RunFolders;
using Orchestrator.Sweeps;

namespace Orchestrator.Reports;

/// <summary>
/// The page above all others: every run and every sweep of a folder, with where it stands. A run
/// that has ended is read once.
/// </summary>
/// <param name="output">The folder of all runs.</param>
/// <param name="time">Measures how long is read.</param>
public sealed class LiveRuns(string output, TimeProvider time) : ILivePage
{
    private const string Script = "runs.js";

    // More rows than anybody reads; a page of them takes a browser no second.
    private const int Most = 2000;

    private static readonly TimeSpan LongestLook = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, Known> known = new(StringComparer.Ordinal);
    private readonly List<string> problems = [];

    // Where the next look begins, and folders that looks have seen at least.
    private int next;
    private int seen;

    /// <inheritdoc/>
    public bool HasEnded => false;

    /// <inheritdoc/>
    public bool IsBehind { get; private set; }

    /// <inheritdoc/>
    public string Policy { get; } = Reports.Page.Policy(Script, isLive: true);

    /// <inheritdoc/>
    public void Refresh()
    {
        var start = time.GetTimestamp();
        problems.Clear();
        List<string> folders = [.. RunReader.Folders(output, problems), .. Sweeps().Select(sweep => sweep.FullPath)];
        foreach (var gone in known.Keys.Except(folders).ToList())
        {
            known.Remove(gone);
        }

        // Where a look is cut short, the next one goes on behind it, round and round.
        var looked = 0;
        for (; looked < folders.Count && time.GetElapsedTime(start) <= LongestLook; looked++)
        {
            Look(folders[(next + looked) % folders.Count]);
        }

        seen = Math.Min(folders.Count, seen + looked);
        IsBehind = seen < folders.Count;
        next = looked < folders.Count ? (next + looked) % folders.Count : 0;
    }

    /// <inheritdoc/>
    public string State() => PageJson.Write(json =>
    {
        LiveFrame.Write(json, [("heading", Heading())]);
        json.WritePropertyName("data");
        json.WriteRawValue(Data());
        LiveFrame.Write(json, hasEnded: false, stands: false, IsBehind ? $"Reading: {Say.Whole(known.Count)} so far." : problems.FirstOrDefault() ?? "");
    });

    /// <inheritdoc/>
    public byte[] Page()
    {
        var frame = LiveFrame.Of("the folder of runs", hasIndex: false);
        var body = new Html().Add($"""{frame.Above}<header id="heading">{Heading()}</header><main><section id="all"><h2>All of them</h2><div class="controls"><label>Filter <input id="filter" type="search" placeholder="name, id, rule"></label> <span id="states" class="controls"></span></div>""");
        body.Add($"""<div class="scroll" tabindex="0" role="group" aria-label="Runs and sweeps"><table id="runs"><thead><tr><th scope="col">name</th><th scope="col">state</th><th scope="col">rule</th>""");
        body.Add($"""<th scope="col" class="number">workers</th><th scope="col">seed</th><th scope="col" class="number">updates</th><th scope="col" class="number">test accuracy, %</th>""");
        body.Add($"""<th scope="col" class="number">test loss</th><th scope="col" class="number">staleness</th><th scope="col">started, UTC</th></tr></thead><tbody></tbody></table></div><p id="counted" role="status"></p></section></main>{frame.Below}""");
        return Reports.Page.Make("Runs", body, Script, Data(), isLive: true, hasCharts: false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private IReadOnlyList<SweepFolder> Sweeps()
    {
        try
        {
            return SweepFolder.All(output);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{output}: cannot be read: {e.Message}");
            return [];
        }
    }

    private void Look(string folder)
    {
        var isSweep = Path.GetFileName(folder).StartsWith(SweepFolder.Prefix, StringComparison.Ordinal);
        var stamp = File.GetLastWriteTimeUtc(Path.Combine(folder, isSweep ? SweepFolder.DocumentName : RunDocument.FileName));
        if (known.TryGetValue(folder, out var before) && before.Stamp == stamp && !before.MayChange)
        {
            return;
        }

        var now = isSweep ? RunRow.Of(new SweepFolder(output, folder)) : RunReader.Read(folder) is { } run ? RunRow.Of(run, before?.Row) : null;
        if (now is not null)
        {
            known[folder] = new Known(stamp, now.State is "running", now);
        }
    }

    private Html Heading()
    {
        var (running, sweeps) = (known.Values.Count(one => one.Row.State == "running"), known.Values.Count(one => one.Row.IsSweep));
        var head = new Html().Add($"""<h1>Runs</h1><p class="id">{Path.GetFullPath(output)}</p>""");
        return head.Add($"<p>Runs: {Say.Whole(known.Count - sweeps)}, of which {Say.Whole(running)} under way. Sweeps: {Say.Whole(sweeps)}.</p>");
    }

    private string Data() => PageJson.Write(json =>
    {
        var newest = known.OrderByDescending(one => one.Value.Row.Started).ThenByDescending(one => one.Key, StringComparer.Ordinal).Take(Most);
        json.WriteNumber("all", known.Count);
        json.Object("rows", () =>
        {
            foreach (var (folder, one) in newest)
            {
                json.WriteStartArray(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(Path.GetDirectoryName(folder))}/{Path.GetFileName(folder)}"));
                one.Row.Write(json);
                json.WriteEndArray();
            }
        });
    });

    private sealed record Known(DateTime Stamp, bool MayChange, RunRow Row);
}
