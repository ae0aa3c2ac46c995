using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Orchestrator.Sweeps;

/// <summary>
/// From here on a connection only answers: SQLite asks before it compiles any part of a statement,
/// and is told no to all that writes, attaches another file, or sets something.
/// </summary>
internal static class ReadOnlyQueries
{
    public static void Allow(SqliteConnection connection) => raw.sqlite3_set_authorizer(connection.Handle!, Answer, null);

    private static int Answer(object user, int action, string first, string second, string database, string source) =>
        action is raw.SQLITE_SELECT or raw.SQLITE_READ or raw.SQLITE_FUNCTION or raw.SQLITE_RECURSIVE ? raw.SQLITE_OK : raw.SQLITE_DENY;
}
