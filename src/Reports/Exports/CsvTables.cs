using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Reports;

/// <summary>
/// The rows of a run folder, whole: those that its files have, without a last one that was being
/// written, also while the run goes on.
/// </summary>
internal static class CsvTables
{
    private static readonly (string Name, Action<RunEntry, Stream> Write)[] All =
    [
        ("updates.csv", (run, to) => Copy(run, "updates.csv", RunRows.Updates(run.Folder), to)),
        ("evaluations.csv", (run, to) => Copy(run, "evaluations.csv", RunRows.Evaluations(run.Folder), to)),
        ("events.csv", (run, to) => Copy(run, "events.csv", RunRows.Events(run.Folder), to)),
        ("partitions.csv", (run, to) => Copy(run, "partitions.csv", RunRows.Partitions(run.Folder), to)),
        ("groups.csv", (run, to) => Copy(run, "groups.csv", RunRows.Groups(run.Folder)!, to)),
        ("confusions.csv", (run, to) => Copy(run, "confusions.csv", RunRows.Confusions(run.Folder)!, to)),
    ];

    /// <summary>
    /// Names, and how each is written; a run that was killed at its start has not all of them, nor
    /// has one without groups or classes.
    /// </summary>
    public static IEnumerable<(string Name, Action<RunEntry, Stream> Write)> Of(RunEntry run) => All.Where(table => table.Name == All[0].Name || File.Exists(Path.Combine(run.Folder, table.Name)));

    private static void Copy<TRecord>(RunEntry run, string name, RowReader<TRecord> rows, Stream to)
    {
        using (rows)
        {
            while (rows.TryRead(out _))
            {
                // Every row must be one.
            }

            RunExport.ThrowIf(rows.Problem);
            using var from = RegularFile.Open(Path.Combine(run.Folder, name));
            var left = rows.Length;
            var buffer = new byte[1 << 16];
            while (left > 0)
            {
                var read = from.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
                if (read == 0)
                {
                    throw new InvalidDataException($"{from.Name}: it was cut while it was read.");
                }

                to.Write(buffer, 0, read);
                left -= read;
            }
        }
    }
}
