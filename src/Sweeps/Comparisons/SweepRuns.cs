using System.Globalization;
using System.Text.Json;

namespace Orchestrator.Sweeps;

/// <summary>
/// The runs of a sweep as its folder and its ledger have them, with the sweep's own names of axes
/// and values.
/// </summary>
/// <param name="Document">What the sweep asks.</param>
/// <param name="Runs">The runs that are complete, of the last round; where it averages over axes, the
/// means of those whose runs are all complete.</param>
/// <param name="Missing">Runs of that round that are not there, or in none of the means.</param>
internal sealed record SweepRuns(SweepDocument Document, IReadOnlyList<ComparedRun> Runs, int Missing)
{
    /// <summary>
    /// The axis that it compares along: the one that it names, or else the one with variants; null
    /// where neither is said.
    /// </summary>
    public string? By => Text("axis") ?? (Variants is [var only] ? only : null);

    /// <summary>The value that it compares with; null where it names none.</summary>
    public string? Baseline => Text("baseline");

    /// <summary>The difference that does not matter to it; null where it is not said.</summary>
    public double? Delta => Compare is { } compare && compare.TryGetProperty("delta", out var delta) && delta.ValueKind == JsonValueKind.Number ? delta.GetDouble() : null;

    /// <summary>
    /// Fewest and most seeds, where they were added until its comparisons were decided; null
    /// otherwise.
    /// </summary>
    public UntilDecided? Until => Sweep is { } sweep && sweep.TryGetProperty("seeds", out var seeds) && seeds.ValueKind == JsonValueKind.Object
        && seeds.TryGetProperty("until", out _) && seeds.TryGetProperty("from", out var from) && seeds.TryGetProperty("to", out var to)
            ? new(from.GetInt32(), to.GetInt32())
            : null;

    /// <summary>The axes that it averages over.</summary>
    public IReadOnlyList<string> Average => Sweep is { } sweep && sweep.TryGetProperty("average", out var axes) && axes.ValueKind == JsonValueKind.Array
        ? [.. axes.EnumerateArray().Select(axis => axis.GetString() ?? "")]
        : [];

    private JsonElement? Sweep => Document.Pipeline.TryGetProperty("sweep", out var sweep) && sweep.ValueKind == JsonValueKind.Object ? sweep : null;

    private JsonElement? Compare => Sweep is { } sweep && sweep.TryGetProperty("compare", out var compare) && compare.ValueKind == JsonValueKind.Object ? compare : null;

    private bool IsHalving => Sweep is { } sweep && sweep.TryGetProperty("search", out var search) && search.ValueKind == JsonValueKind.Object
        && search.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("successive-halving");

    private List<string> Variants => Sweep is { } sweep && sweep.TryGetProperty("axes", out var axes) && axes.ValueKind == JsonValueKind.Object
        ? [.. axes.EnumerateObject().Where(axis => axis.Value.ValueKind == JsonValueKind.Object && axis.Value.TryGetProperty("variants", out _)).Select(axis => axis.Name)]
        : [];

    /// <summary>
    /// The sweep in a folder; null where there is none, or where it cannot be read, and then there
    /// is a problem.
    /// </summary>
    /// <param name="folder">The sweep's folder, or that of a pipeline's name, of which the newest
    /// sweep counts.</param>
    /// <param name="ledgers">Where ledgers lie.</param>
    /// <param name="problem">Why it cannot be read.</param>
    public static SweepRuns? Find(string folder, string ledgers, out string? problem)
    {
        problem = null;
        if (FileIn(folder) is not { } file)
        {
            return null;
        }

        try
        {
            var sweep = FolderOf(file);
            var document = sweep.Read();
            return Of(document, new SweepStore(sweep.Claims, Ledger.Read(ledgers, document.Name, [])));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            problem = $"{file}: cannot be read: {e.Message}";
            return null;
        }
    }

    /// <summary>
    /// The document of the sweep in a folder, or of the newest sweep of a pipeline's folder; null
    /// where there is none.
    /// </summary>
    public static string? FileIn(string folder) => Directory.EnumerateDirectories(folder, SweepFolder.Prefix + "*").Prepend(folder)
        .Select(f => Path.Combine(f, SweepFolder.DocumentName)).Where(File.Exists).OrderByDescending(File.GetLastWriteTimeUtc).FirstOrDefault();

    /// <summary>The folder of a sweep's document.</summary>
    public static SweepFolder FolderOf(string file)
    {
        // Who stands in the folder of runs names a sweep by a path that has no folder above it.
        var path = Path.GetDirectoryName(Path.GetFullPath(file))!;
        return new SweepFolder(Path.GetDirectoryName(Path.GetDirectoryName(path))!, path);
    }

    /// <summary>The runs of the sweep's last round that are complete.</summary>
    public static IEnumerable<(SweepCell Cell, SweepLevel Level, CompletedRun Row)> Completed(SweepDocument document, SweepStore store) =>
        from cell in document.Cells
        from level in document.Rounds[^1].Levels
        let row = store.Completed(KeyOf(document, cell.Key, level))
        where row is not null
        select (cell, level, row);

    /// <summary>A cell's values on the sweep's axes, by the axes' names.</summary>
    public static SortedDictionary<string, string> ValuesOf(SweepDocument document, SweepCell cell) =>
        new(document.Axes.Zip(cell.Values).ToDictionary(axis => axis.First, axis => axis.Second), StringComparer.Ordinal);

    private static SweepRuns Of(SweepDocument document, SweepStore store)
    {
        var sweep = new SweepRuns(document, [.. Completed(document, store).Select(run => Run(document, run.Cell, run.Level, run.Row))], 0);
        var runs = sweep.Average.Count == 0 ? sweep.Runs : sweep.Means();
        return sweep with { Runs = runs, Missing = (sweep.Reached(runs) * document.Rounds[^1].Levels.Count) - runs.Sum(run => run.Runs) };
    }

    // Of rounds, and of marks, cells are left behind on purpose: those that have a run went on.
    private int Reached(IReadOnlyList<ComparedRun> runs) => Document.Rounds.Count == 1 && !IsHalving
        ? Document.Cells.Count
        : runs.GroupBy(ComparisonOperand.Cell).Sum(cell => cell.Max(run => run.Runs));

    // The cells of a setting in the order of the plan, as the sweep's own table adds them up.
    private List<ComparedRun> Means()
    {
        List<string> shown = [.. Document.Axes.Except(Average)];
        string SettingOf(IReadOnlyDictionary<string, string> values) => string.Join('\n', shown.Select(axis => values[axis]));

        var whole = Document.Cells.CountBy(cell => SettingOf(ValuesOf(Document, cell))).ToDictionary();
        return [.. Runs.GroupBy(run => (Setting: SettingOf(run.Settings), run.Key)).Where(runs => runs.Count() == whole[runs.Key.Setting]).Select(runs => Mean([.. runs], shown))];
    }

    private static ComparedRun Mean(ComparedRun[] runs, List<string> shown) => runs[0] with
    {
        Runs = runs.Length,
        Settings = new SortedDictionary<string, string>(shown.ToDictionary(axis => axis, axis => runs[0].Settings[axis]), StringComparer.Ordinal),
        Values = runs[0].Values.Keys.Where(key => runs.All(run => run.Values.ContainsKey(key))).ToDictionary(key => key, key => runs.Average(run => run.Values[key])),
        NoConvergence = runs.Any(run => run.NoConvergence),
        CoreSeconds = runs.Sum(run => run.CoreSeconds),
        KernelPath = string.Join(" and ", runs.Select(run => run.KernelPath).Distinct().Order(StringComparer.Ordinal)),
        Data = string.Join(" and ", runs.Select(run => run.Data).Distinct().Order(StringComparer.Ordinal)),
        IsVirtual = runs.All(run => run.IsVirtual),
    };

    // As the plan made it: streams that all runs share stand in the pipeline.
    private static string KeyOf(SweepDocument document, string cell, SweepLevel level)
    {
        var streams = document.Pipeline.TryGetProperty("streams", out var own) && own.ValueKind == JsonValueKind.Object
            ? own.EnumerateObject().Where(s => s.Value.ValueKind == JsonValueKind.Number).ToDictionary(s => s.Name, s => s.Value.GetInt64())
            : [];
        foreach (var pair in level.Streams.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(stream => stream.Split('=')))
        {
            streams[pair[0]] = long.Parse(pair[1], CultureInfo.InvariantCulture);
        }

        return SweepKeys.OfRun(cell, level.Seed, streams);
    }

    private static ComparedRun Run(SweepDocument document, SweepCell cell, SweepLevel level, CompletedRun row) => new()
    {
        Place = row.Key,
        Key = new(level.Seed, level.Streams),
        Settings = ValuesOf(document, cell),
        Values = RunMetric.All.Select(metric => (metric.Key, Value: metric.OfRow(row))).Where(v => v.Value is not null).ToDictionary(v => v.Key, v => v.Value!.Value),
        NoConvergence = row.NoConvergence,
        CoreSeconds = row.WallSeconds,
        Program = "",
        KernelPath = row.KernelPath,
        Data = row.Data,
        IsVirtual = row.IsVirtual,
    };

    private string? Text(string name) =>
        Compare is { } compare && compare.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
