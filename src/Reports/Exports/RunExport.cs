using Orchestrator.RunFolders;

namespace Orchestrator.Reports;

/// <summary>What another program reads of a run.</summary>
public enum ExportFormat
{
    /// <summary>A trace of who computed when, for ui.perfetto.dev and chrome://tracing.</summary>
    Perfetto,

    /// <summary>A folder with an event file for TensorBoard.</summary>
    TensorBoard,
}

/// <summary>Writes a run for other programs. Rows are streamed.</summary>
public static class RunExport
{
    /// <summary>What an export is called where nothing is said: <c>NAME-ID-ATTEMPT</c> with an ending.</summary>
    /// <param name="run">As read.</param>
    /// <param name="format">The format.</param>
    public static string DefaultName(RunEntry run, ExportFormat format) =>
        FormattableString.Invariant($"{RunFolder.DirectoryName(run.Name)}-{run.Id}-{run.Attempt}") + (format == ExportFormat.Perfetto ? ".perfetto.json" : ".tensorboard");

    /// <summary>Writes an export, whole or not at all.</summary>
    /// <param name="run">As read; <c>run.json</c> must be readable.</param>
    /// <param name="format">The format.</param>
    /// <param name="path">The file; for TensorBoard the folder, which is made.</param>
    /// <param name="hasArrows">
    /// Whether a trace has an arrow from each arrival that ended a wait to the worker that waited.
    /// </param>
    /// <returns>Full path of the file.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="InvalidDataException">The run's rows cannot be read to their end.</exception>
    public static string Write(RunEntry run, ExportFormat format, string path, bool hasArrows = false)
    {
        var file = Path.GetFullPath(path);
        if (format == ExportFormat.TensorBoard)
        {
            Directory.CreateDirectory(file);
            file = Path.Combine(file, TensorBoardEvents.FileName(run));
        }

        // Beside, then renamed: no reader finds half an export.
        var beside = file + ".tmp";
        try
        {
            using var stream = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
            if (format == ExportFormat.Perfetto)
            {
                PerfettoTrace.Write(run, stream, hasArrows);
            }
            else
            {
                TensorBoardEvents.Write(run, stream);
            }
        }
        catch
        {
            File.Delete(beside);
            throw;
        }

        File.Move(beside, file, overwrite: true);
        return file;
    }

    /// <summary>Ends an export of rows that end with a problem.</summary>
    internal static void ThrowIf(string? problem)
    {
        if (problem is not null)
        {
            throw new InvalidDataException(problem);
        }
    }
}
