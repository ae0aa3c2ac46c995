using System.Globalization;
using Microsoft.Data.Sqlite;
using Orchestrator.RunFolders;

namespace Orchestrator.Sweeps;

/// <summary>The tables of the index, and how a run becomes rows of them.</summary>
internal static class IndexSchema
{
    /// <summary>Another number makes the index anew.</summary>
    public const int Version = 2;

    private static readonly Column[] Columns =
    [
        new("folder", "TEXT NOT NULL UNIQUE", run => run.Folder),
        new("name", "TEXT NOT NULL", run => run.Entry.Name),
        new("id", "TEXT NOT NULL", run => run.Entry.Id),
        new("attempt", "INTEGER NOT NULL", run => run.Entry.Attempt),
        new("status", "TEXT NOT NULL", run => run.Entry.Status.ToString().ToLowerInvariant()),
        new("started", "TEXT NOT NULL", run => Time(run.Entry.Started)),
        new("ended", "TEXT", run => run.Entry.Document?.Ended is { } ended ? Time(ended) : null),
        new("message", "TEXT", run => run.Entry.Document?.Message),
        new("digest", "TEXT", run => run.Entry.Document?.Digest),
        new("seed", "INTEGER", run => long.TryParse(run.Settings.GetValueOrDefault("seed"), NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : null),
        new("clock", "TEXT", run => run.Entry.Document is { } document ? document.Run.IsVirtual ? "virtual" : "wall" : null),
        new("workers", "INTEGER", run => run.Entry.Document?.Run.Workers),
        new("program", "TEXT", run => run.Entry.Document?.Run.ProgramVersion),
        new("kernelPath", "TEXT", run => run.Entry.Document?.Run.KernelPath),
        new("data", "TEXT", run => run.Entry.Document?.Run.DatasetFingerprint),
        new("testAccuracy", "REAL", run => run.Summary?.TestAccuracy),
        new("testLoss", "REAL", run => run.Summary?.TestLoss),
        new("trainAccuracy", "REAL", run => run.Summary?.TrainAccuracy),
        new("trainLoss", "REAL", run => run.Summary?.TrainLoss),
        new("validationAccuracy", "REAL", run => run.Summary?.ValidationAccuracy),
        new("validationLoss", "REAL", run => run.Summary?.ValidationLoss),
        new("noConvergence", "INTEGER", run => run.Summary is { } summary ? summary.NoConvergence ? 1 : 0 : null),
        new("updates", "INTEGER", run => run.Summary?.Updates),
        new("updatesPerSecond", "REAL", run => run.Summary?.UpdatesPerSecond),
        new("samples", "INTEGER", run => run.Summary?.Samples),
        new("staleness", "REAL", run => run.Summary?.Staleness.Mean),
        new("stalenessMax", "REAL", run => run.Summary?.Staleness.Max),
        new("gap", "REAL", run => run.Summary?.Gap.Mean),
        new("gapMax", "REAL", run => run.Summary?.Gap.Max),
        new("virtualSeconds", "REAL", run => run.Summary?.VirtualSeconds),
        new("wallSeconds", "REAL", run => run.Summary?.WallSeconds),
        new("sweep", "TEXT", run => run.Label("sweep")),
        new("cell", "TEXT", run => run.Label("cell")),
        new("key", "TEXT", run => run.Label("key")),
        new("note", "TEXT", run => run.Notes.Note),
        new("stamp", "TEXT NOT NULL", run => run.Stamp),
    ];

    /// <summary>
    /// What a user may ask of a run by name, besides the settings of its pipeline.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } = [.. Columns.Select(column => column.Name).Where(name => name != "stamp")];

    /// <summary>Whether a column holds numbers.</summary>
    public static bool IsNumeric(string name) => !Columns.Single(column => column.Name == name).Type.StartsWith("TEXT", StringComparison.Ordinal);

    /// <summary>What the index has of a run, by its columns.</summary>
    public static IReadOnlyList<(string Name, object? Value)> ValuesOf(IndexedRun run) => [.. Columns.SkipLast(1).Select(column => (column.Name, column.Of(run)))];

    /// <summary>Makes the tables.</summary>
    public static string Create { get; } = $"""
        CREATE TABLE runs (run INTEGER PRIMARY KEY, {string.Join(", ", Columns.Select(column => $"{column.Name} {column.Type}"))});
        CREATE TABLE settings (run INTEGER NOT NULL, path TEXT NOT NULL, value TEXT NOT NULL, number REAL, PRIMARY KEY (run, path)) WITHOUT ROWID;
        CREATE TABLE tags (run INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (run, tag)) WITHOUT ROWID;
        PRAGMA user_version = {Version};
        """;

    /// <summary>
    /// Writes runs into the tables, each in the place of what was known of its folder.
    /// </summary>
    public static void Insert(SqliteConnection connection, SqliteTransaction transaction, IEnumerable<IndexedRun> runs)
    {
        using var run = Command(connection, transaction, $"INSERT INTO runs ({string.Join(',', Columns.Select(c => c.Name))}) VALUES ({Places(Columns.Length)}) RETURNING run", Columns.Length);
        using var setting = Command(connection, transaction, $"INSERT INTO settings VALUES ({Places(4)})", 4);
        using var tag = Command(connection, transaction, $"INSERT OR IGNORE INTO tags VALUES ({Places(2)})", 2);
        foreach (var indexed in runs)
        {
            Remove(connection, transaction, indexed.Folder);
            var number = (long)Bind(run, [.. Columns.Select(column => column.Of(indexed))]).ExecuteScalar()!;
            foreach (var (path, value) in indexed.Settings)
            {
                Bind(setting, number, path, value, NumberOf(value)).ExecuteNonQuery();
            }

            foreach (var word in indexed.Notes.Tags)
            {
                Bind(tag, number, word).ExecuteNonQuery();
            }
        }
    }

    /// <summary>Takes what is known of a folder out of the tables.</summary>
    public static void Remove(SqliteConnection connection, SqliteTransaction transaction, string folder)
    {
        foreach (var table in (string[])["settings", "tags", "runs"])
        {
            using var command = Command(connection, transaction, $"DELETE FROM {table} WHERE run IN (SELECT run FROM runs WHERE folder = {Places(1)})", 1);
            Bind(command, folder).ExecuteNonQuery();
        }
    }

    /// <summary>A value as a number; null where it is none.</summary>
    public static double? NumberOf(string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static string Places(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => $"$p{i}"));

    private static SqliteCommand Command(SqliteConnection connection, SqliteTransaction transaction, string text, int parameters)
    {
        var command = connection.CreateCommand();
        (command.Transaction, command.CommandText) = (transaction, text);
        for (var i = 0; i < parameters; i++)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = $"$p{i}" });
        }

        return command;
    }

    private static SqliteCommand Bind(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] is double number && !double.IsFinite(number) ? DBNull.Value : values[i] ?? DBNull.Value;
        }

        return command;
    }

    private sealed record Column(string Name, string Type, Func<IndexedRun, object?> Of);
}

/// <summary>A run as the index takes it.</summary>
/// <param name="Folder">Relative to the folder of all runs, with forward slashes.</param>
/// <param name="Entry">As read.</param>
/// <param name="Settings">Of its pipeline, by path.</param>
/// <param name="Notes">What a person said of it.</param>
/// <param name="Stamp">Of its files; another one makes the index read it again.</param>
internal sealed record IndexedRun(string Folder, RunEntry Entry, IReadOnlyDictionary<string, string> Settings, RunNotes Notes, string Stamp)
{
    public RunSummary? Summary => Entry.Document?.Summary;

    public string? Label(string name) => Entry.Document?.Run.Options.GetValueOrDefault(name);
}
