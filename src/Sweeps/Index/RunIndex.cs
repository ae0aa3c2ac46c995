using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.RunFolders;

namespace Orchestrator.Sweeps;

/// <summary>
/// Run folders as tables of SQLite. The folders are the truth: the index lies in the user's cache,
/// keyed by the path of the folder of runs, is brought up to date whenever it is opened, and can be
/// removed at any time. Where the cache cannot be used it is made in memory.
/// </summary>
public sealed class RunIndex : IDisposable
{
    private static readonly string[] NetworkFormats = ["nfs", "cifs", "smb", "9p", "afs", "ceph", "lustre", "gpfs", "beegfs", "fuse", "glusterfs", "pvfs", "ncp"];

    private const int NotAllowed = 23;

    private readonly string output;
    private readonly SqliteConnection connection;

    private RunIndex(string output, SqliteConnection connection) => (this.output, this.connection) = (output, connection);

    /// <summary>The columns of the table of runs, besides its key <c>run</c>.</summary>
    public static IReadOnlyList<string> Columns => IndexSchema.Names;

    /// <summary>The file of the index of a folder of runs, whether it is there or not.</summary>
    public static string FileOf(string output) => Path.Combine(UserCache.PlaceOf("index"), NameOf(output));

    /// <summary>Opens the index of a folder of runs, as the folder is now.</summary>
    /// <param name="output">The folder of all runs.</param>
    /// <param name="problems">Takes what cannot be read.</param>
    public static RunIndex Open(string output, ICollection<string> problems)
    {
        var full = Path.GetFullPath(output);
        var file = UserCache.TryOpen("index", out _) is { } folder && !IsOnNetwork(folder) ? Path.Combine(folder, NameOf(full)) : null;
        if (file is not null && TryOpen(full, file, problems) is { } index)
        {
            return index;
        }

        if (file is not null)
        {
            // Damaged, or of another version of this program.
            TryDelete(file);
            if (TryOpen(full, file, problems) is { } anew)
            {
                return anew;
            }
        }

        var inMemory = new RunIndex(full, Connect(null));
        inMemory.Refresh(problems);
        return inMemory;
    }

    /// <summary>
    /// Folders, full paths, of the runs for which all conditions hold, the oldest first.
    /// </summary>
    public IReadOnlyList<string> Where(IReadOnlyList<RunCondition> conditions)
    {
        using var command = connection.CreateCommand();
        var text = new StringBuilder("SELECT folder FROM runs WHERE 1");
        foreach (var condition in conditions)
        {
            text.Append(" AND ").Append(condition.Add(command.Parameters));
        }

        command.CommandText = text.Append(" ORDER BY started, folder").ToString();
        var folders = new List<string>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            folders.Add(Path.Combine(output, reader.GetString(0)));
        }

        return folders;
    }

    /// <summary>All paths of settings that runs have.</summary>
    public IReadOnlyList<string> Paths()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT DISTINCT path FROM settings ORDER BY path";
        var paths = new List<string>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            paths.Add(reader.GetString(0));
        }

        return paths;
    }

    /// <summary>Answers a query, which can change nothing.</summary>
    /// <param name="sql">A statement of SQLite.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="IndexQueryException">It is no statement that can be answered.</exception>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public IndexAnswer Query(string sql, CancellationToken stop)
    {
        try
        {
            ReadOnlyQueries.Allow(connection);
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.CommandTimeout = 0;
            using var ending = stop.Register(command.Cancel);
            using var reader = command.ExecuteReader();
            List<string> columns = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
            var rows = new List<object?[]>();
            while (reader.Read())
            {
                stop.ThrowIfCancellationRequested();
                rows.Add([.. Enumerable.Range(0, columns.Count).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
            }

            return reader.NextResult() ? throw new IndexQueryException("one SELECT is allowed at a time") : new IndexAnswer(columns, rows);
        }
        catch (SqliteException failure)
        {
            stop.ThrowIfCancellationRequested();
            throw new IndexQueryException(failure.SqliteErrorCode == NotAllowed ? "only a SELECT is allowed; nothing can be changed, attached or set" : Said(failure.Message));
        }
    }

    public void Dispose() => connection.Dispose();

    // SQLite Error 1: 'no such column: x'.
    private static string Said(string message) =>
        message.IndexOf('\'') is var first && message.LastIndexOf('\'') is var last && last > first ? message[(first + 1)..last] : message;

    private static string NameOf(string output) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(output))))[..24] + ".sqlite";

    // SQLite's locks are not to be trusted there.
    private static bool IsOnNetwork(string folder)
    {
        try
        {
            var format = new DriveInfo(folder).DriveFormat;
            return NetworkFormats.Any(network => format.StartsWith(network, StringComparison.OrdinalIgnoreCase));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return true;
        }
    }

    private static RunIndex? TryOpen(string output, string file, ICollection<string> problems)
    {
        RunIndex? index = null;
        try
        {
            index = new RunIndex(output, Connect(file));
            if (index.Scalar("PRAGMA user_version") is not (0L or (long)IndexSchema.Version))
            {
                index.Dispose();
                return null;
            }

            var found = new List<string>();
            index.Refresh(found);
            found.ForEach(problems.Add);
            return index;
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            index?.Dispose();
            return null;
        }
    }

    private static SqliteConnection Connect(string? file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file ?? ":memory:", Pooling = false }.ToString());
        try
        {
            connection.Open();
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        return connection;
    }

    private static void TryDelete(string file)
    {
        foreach (var part in (string[])[file, file + "-journal", file + "-wal", file + "-shm"])
        {
            try
            {
                File.Delete(part);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Then it is made in memory.
            }
        }
    }

    private void Refresh(ICollection<string> problems)
    {
        // What is lost with the machine is made anew.
        Execute("PRAGMA synchronous = OFF");
        using var transaction = connection.BeginTransaction(deferred: false);
        if (Scalar("PRAGMA user_version") is 0L)
        {
            Execute(IndexSchema.Create);
        }

        var known = Known();
        var folders = RunReader.Folders(output, problems).ToList();
        var changed = new ConcurrentBag<IndexedRun>();
        var here = new ConcurrentDictionary<string, bool>();
        var found = new ConcurrentBag<string>();
        Parallel.ForEach(folders, folder =>
        {
            var (name, stamp) = (Path.GetRelativePath(output, folder).Replace('\\', '/'), StampOf(folder));
            if (known.GetValueOrDefault(name) is { } before && before == stamp)
            {
                here[name] = true;
            }
            else if (RunReader.Read(folder) is { } entry)
            {
                here[name] = true;
                var notes = RunNotes.Read(folder, out var problem);
                foreach (var text in new[] { entry.Problem, problem }.OfType<string>())
                {
                    found.Add(text);
                }

                // How a run that says running stands is told by its lock; what cannot be read may
                // be mended.
                changed.Add(new IndexedRun(name, entry, RunSettings.Read(entry), notes, entry.Document is null or { Status: RunStatus.Running } || problem is not null ? "" : stamp));
            }
        });
        foreach (var text in found.Order(StringComparer.Ordinal))
        {
            problems.Add(text);
        }

        foreach (var gone in known.Keys.Where(name => !here.ContainsKey(name)))
        {
            IndexSchema.Remove(connection, transaction, gone);
        }

        IndexSchema.Insert(connection, transaction, changed.OrderBy(run => run.Entry.Started).ThenBy(run => run.Folder, StringComparer.Ordinal));
        transaction.Commit();
    }

    private Dictionary<string, string> Known()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT folder, stamp FROM runs";
        var known = new Dictionary<string, string>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            known[reader.GetString(0)] = reader.GetString(1);
        }

        return known;
    }

    private static string StampOf(string folder)
    {
        var stamp = new StringBuilder();
        foreach (var name in (string[])["run.json", RunNotes.FileName])
        {
            var file = new FileInfo(Path.Combine(folder, name));
            stamp.Append(CultureInfo.InvariantCulture, $"{(file.Exists ? file.LastWriteTimeUtc.Ticks : 0)}:{(file.Exists ? file.Length : 0)} ");
        }

        return stamp.ToString();
    }

    private object? Scalar(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private void Execute(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

/// <summary>What a query gave.</summary>
/// <param name="Columns">Their names.</param>
/// <param name="Rows">Of each row one value per column: null, a long, a double, a string or
/// bytes.</param>
public sealed record IndexAnswer(IReadOnlyList<string> Columns, IReadOnlyList<object?[]> Rows);

/// <summary>A query cannot be answered.</summary>
/// <param name="message">What SQLite says of it.</param>
public sealed class IndexQueryException(string message) : Exception(message);
