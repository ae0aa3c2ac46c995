using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Sweeps;

/// <summary>
/// <c>results/NAME.csv</c>: one row per completed run, in the order of their keys. It is what a
/// repository or a paper carries: a row counts as a completed run where the run's folder is gone.
/// </summary>
public static class Ledger
{
    private static readonly string[] Columns =
    [
        "key", "cell", "seed", "streams", "status", "digest", "virtual", "build", "kernelPath", "data", "testAccuracy", "testLoss", "noConvergence", "updates",
        "staleness", "virtualSeconds", "wallSeconds",
    ];

    // Only of ledgers with a run that keeps samples for validation.
    private static readonly string[] ValidationColumns = ["validationAccuracy", "validationLoss"];

    /// <summary>The ledger of a sweep.</summary>
    /// <param name="folder">Where ledgers are.</param>
    /// <param name="sweep">The sweep's name.</param>
    public static string FileOf(string folder, string sweep) => Path.Combine(folder, RunFolder.DirectoryName(sweep) + ".csv");

    /// <summary>
    /// The rows of all ledgers in a folder, by the run's key. Of a run that stands in more than one,
    /// as one that two sweeps share, the row in the asking sweep's own ledger counts, otherwise that
    /// in the last ledger by name.
    /// </summary>
    /// <param name="folder">The folder; one that is absent holds none.</param>
    /// <param name="sweep">Name of the sweep that asks; null where none does.</param>
    /// <param name="problems">Takes what cannot be read, with file and line.</param>
    public static IReadOnlyDictionary<string, CompletedRun> Read(string folder, string? sweep, ICollection<string> problems)
    {
        var rows = new Dictionary<string, CompletedRun>();
        foreach (var file in FilesIn(folder, sweep))
        {
            foreach (var row in ReadFile(file, problems))
            {
                rows[row.Key] = row;
            }
        }

        return rows;
    }

    /// <summary>
    /// Where each run's row stands in the ledgers of a folder, by the run's key: the row that
    /// <see cref="Read"/> takes.
    /// </summary>
    /// <param name="folder">The folder; one that is absent holds none.</param>
    /// <param name="sweep">Name of the sweep that asks; null where none does.</param>
    public static IReadOnlyDictionary<string, RecordPlace> PlacesIn(string folder, string? sweep)
    {
        var places = new Dictionary<string, RecordPlace>();
        foreach (var file in FilesIn(folder, sweep))
        {
            foreach (var (line, number) in File.ReadLines(file).Select((line, n) => (line, n + 1)))
            {
                places[line.Split(',')[0]] = new RecordPlace(Path.GetFileName(file), number);
            }
        }

        return places;
    }

    /// <summary>
    /// Adds rows to a ledger; rows of runs that it has are replaced, all others stay, those too that
    /// another process of this machine adds at the same time.
    /// </summary>
    /// <param name="file">The ledger.</param>
    /// <param name="runs">The rows.</param>
    /// <exception cref="IOException">It cannot be written, or what is there is no ledger, which is
    /// then left as it is.</exception>
    public static void Merge(string file, IEnumerable<CompletedRun> runs)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(file))));
        using var only = new Mutex(false, @"Global\orchestrator-ledger-" + name);
        try
        {
            only.WaitOne();
        }
        catch (AbandonedMutexException)
        {
            // Whoever had it was killed; a ledger is replaced whole.
        }

        try
        {
            MergeAlone(file, runs);
        }
        finally
        {
            only.ReleaseMutex();
        }
    }

    // Later ones count.
    private static IEnumerable<string> FilesIn(string folder, string? sweep)
    {
        var own = sweep is null ? null : FileOf(folder, sweep);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.csv").OrderBy(file => file == own).ThenBy(file => file, StringComparer.Ordinal)
            : [];
    }

    private static void MergeAlone(string file, IEnumerable<CompletedRun> runs)
    {
        var problems = new List<string>();
        var rows = new SortedDictionary<string, CompletedRun>(StringComparer.Ordinal);
        foreach (var row in File.Exists(file) ? ReadFile(file, problems) : [])
        {
            rows[row.Key] = row;
        }

        if (problems.Count > 0)
        {
            throw new IOException($"{problems[0]} It is left as it is.");
        }

        foreach (var run in runs)
        {
            rows[run.Key] = run;
        }

        var text = new StringBuilder();
        var hasValidation = rows.Values.Any(row => row.ValidationLoss is not null);
        text.AppendJoin(',', hasValidation ? [.. Columns, .. ValidationColumns] : Columns).Append('\n');
        foreach (var row in rows.Values)
        {
            string[] more = hasValidation ? [Number(row.ValidationAccuracy), Number(row.ValidationLoss)] : [];
            text.AppendJoin(',', [.. Fields(row), .. more]).Append('\n');
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        WholeFile.WriteAmongOthers(file, Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static List<CompletedRun> ReadFile(string file, ICollection<string> problems)
    {
        var (rows, number, columns) = (new List<CompletedRun>(), 0, (string[]?)null);
        using var reader = new StreamReader(RegularFile.Open(file));
        while (reader.ReadLine() is { } line)
        {
            number++;
            var fields = line.TrimEnd('\r').Split(',');
            if (columns is null)
            {
                columns = fields;
                if (Columns.Except(columns).ToList() is { Count: > 0 } missing)
                {
                    problems.Add($"{file}:1: no ledger: it has no column {string.Join(", ", missing)}.");
                    return [];
                }

                if (Named(columns).GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
                {
                    problems.Add($"{file}:1: no ledger: it has more than one column {twice.Key}.");
                    return [];
                }
            }
            else if (Parse(columns, fields) is { } row)
            {
                rows.Add(row);
            }
            else
            {
                problems.Add($"{file}:{number}: no row of a ledger: '{line[..Math.Min(line.Length, 80)]}'.");
            }
        }

        return rows;
    }

    // Spreadsheets put columns without a name behind the others.
    private static IEnumerable<string> Named(string[] columns) => columns.Where(name => name.Length > 0);

    private static string[] Fields(CompletedRun run) =>
    [
        run.Key, run.Cell, Whole(run.Seed), run.Streams, run.Status, run.Digest ?? "", run.IsVirtual ? "1" : "0", run.Build, run.KernelPath, run.Data,
        Number(run.TestAccuracy), Number(run.TestLoss), run.NoConvergence ? "1" : "0", Whole(run.Updates), Number(run.Staleness), Number(run.VirtualSeconds), Number(run.WallSeconds),
    ];

    private static CompletedRun? Parse(string[] columns, string[] fields)
    {
        if (fields.Length != columns.Length)
        {
            return null;
        }

        var at = columns.Zip(fields).Where(pair => pair.First.Length > 0).ToDictionary(pair => pair.First, pair => pair.Second);
        return long.TryParse(at["seed"], NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            && long.TryParse(at["updates"], NumberStyles.None, CultureInfo.InvariantCulture, out var updates)
            && Optional(at["testAccuracy"], out var accuracy) && Optional(at["testLoss"], out var loss) && Optional(at["staleness"], out var staleness)
            && Optional(at.GetValueOrDefault(ValidationColumns[0], ""), out var validationAccuracy) && Optional(at.GetValueOrDefault(ValidationColumns[1], ""), out var validationLoss)
            && Optional(at["virtualSeconds"], out var virtualSeconds) && Optional(at["wallSeconds"], out var wallSeconds) && at["key"].Length > 0
            ? new CompletedRun
            {
                Key = at["key"],
                Cell = at["cell"],
                Seed = seed,
                Streams = at["streams"],
                Status = at["status"],
                Digest = at["digest"].Length == 0 ? null : at["digest"],
                IsVirtual = at["virtual"] == "1",
                Build = at["build"],
                KernelPath = at["kernelPath"],
                Data = at["data"],
                TestAccuracy = accuracy,
                TestLoss = loss,
                ValidationAccuracy = validationAccuracy,
                ValidationLoss = validationLoss,
                NoConvergence = at["noConvergence"] == "1",
                Updates = updates,
                Staleness = staleness,
                VirtualSeconds = virtualSeconds,
                WallSeconds = wallSeconds ?? 0,
            }
            : null;
    }

    private static bool Optional(string text, out double? value)
    {
        value = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
        return text.Length == 0 || value is not null;
    }

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    private static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);
}
