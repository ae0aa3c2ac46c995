using Orchestrator.RunFolders;

namespace Orchestrator.Reports;

/// <summary>What another program reads of a run.</summary>
public enum ExportFormat
{
    /// <summary>A trace of who computed when, for ui.perfetto.dev and chrome://tracing.</summary>
    Perfetto,

    /// <summary>A folder with an event file for TensorBoard.</summary>
    TensorBoard,

    /// <summary>A folder with <c>updates.parquet</c> and <c>evaluations.parquet</c>.</summary>
    Parquet,

    /// <summary>A folder with the rows of the run folder, whole.</summary>
    Csv,

    /// <summary>A run of an MLflow tracking server; see <see cref="MlflowExport"/>.</summary>
    Mlflow,
}

/// <summary>Writes a run for other programs. Rows are streamed.</summary>
public static class RunExport
{
    /// <summary>
    /// What an export is called where nothing is said: <c>NAME-ID-ATTEMPT</c> with an ending.
    /// </summary>
    /// <param name="run">As read.</param>
    /// <param name="format">The format.</param>
    public static string DefaultName(RunEntry run, ExportFormat format) =>
        FormattableString.Invariant($"{RunFolder.DirectoryName(run.Name)}-{run.Id}-{run.Attempt}.{format.ToString().ToLowerInvariant()}") + (format == ExportFormat.Perfetto ? ".json" : "");

    /// <summary>Writes an export, each file whole or not at all.</summary>
    /// <param name="run">As read; <c>run.json</c> must be readable.</param>
    /// <param name="format">The format.</param>
    /// <param name="path">The trace's file; of the other formats the folder, which is made.</param>
    /// <param name="hasArrows">
    /// Whether a trace has an arrow from each arrival that ended a wait to the worker that waited.
    /// </param>
    /// <returns>Full paths of the files.</returns>
    /// <exception cref="IOException">One cannot be written.</exception>
    /// <exception cref="InvalidDataException">The run's rows cannot be read to their
    /// end.</exception>
    public static IReadOnlyList<string> Write(RunEntry run, ExportFormat format, string path, bool hasArrows = false) => format switch
    {
        ExportFormat.Perfetto => [WriteFile(path, stream => PerfettoTrace.Write(run, stream, hasArrows))],
        ExportFormat.TensorBoard => [WriteFile(Path.Combine(path, TensorBoardEvents.FileName(run)), stream => TensorBoardEvents.Write(run, stream))],
        ExportFormat.Csv => [.. CsvTables.Of(run).Select(table => WriteFile(Path.Combine(path, table.Name), stream => table.Write(run, stream)))],
        ExportFormat.Parquet =>
        [
            WriteFile(Path.Combine(path, "updates.parquet"), stream => ParquetTables.WritePushes(run, stream)),
            WriteFile(Path.Combine(path, "evaluations.parquet"), stream => ParquetTables.WriteEvaluations(run, stream)),
        ],
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "It is no file."),
    };

    /// <summary>Ends an export of rows that end with a problem.</summary>
    internal static void ThrowIf(string? problem)
    {
        if (problem is not null)
        {
            throw new InvalidDataException(problem);
        }
    }

    // Beside, then renamed: no reader finds half an export.
    private static string WriteFile(string path, Action<Stream> write)
    {
        var file = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var beside = file + ".tmp";
        try
        {
            using var stream = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
            write(stream);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }

        File.Move(beside, file, overwrite: true);
        return file;
    }
}
