using System.Globalization;
using Orchestrator.Abstractions;

namespace Orchestrator.Delays;

/// <summary>Recorded durations by worker.</summary>
internal sealed class TraceFile
{
    private readonly double[][] durations;

    private TraceFile(double[][] durations, bool isShared) => (this.durations, IsShared) = (durations, isShared);

    /// <summary>One list for all workers: the file has no worker column.</summary>
    public bool IsShared { get; }

    public int Workers => durations.Length;

    public double[] Durations(int index) => durations[index];

    /// <exception cref="OptionException">The file cannot be read, is empty, or a line is not what it should be.</exception>
    public static TraceFile Read(string path)
    {
        var workers = new SortedDictionary<int, List<double>>();
        var (number, columns) = (0, 0);
        foreach (var line in Lines(path))
        {
            number++;
            var text = line.Trim();
            var fields = text.Split(',');
            if (text.Length == 0 || text[0] == '#' || (columns == 0 && char.IsAsciiLetter(text[0])))
            {
                continue;
            }

            columns = columns == 0 ? fields.Length : columns;
            if (fields.Length != columns || columns > 2 || Duration(fields[^1]) is not { } ms || Worker(fields, columns) is not { } worker)
            {
                throw new OptionException("file", $"{path}:{number}: '{text}' is not {(columns == 2 ? "worker,milliseconds" : "a number of milliseconds")}; allowed: finite, 0 to 1e9, one format throughout.");
            }

            (workers.TryGetValue(worker, out var list) ? list : workers[worker] = []).Add(ms);
        }

        return workers.Count > 0
            ? new TraceFile([.. workers.Values.Select(list => list.ToArray())], columns == 1)
            : throw new OptionException("file", $"{path} holds no durations; one number of milliseconds per line, or worker,milliseconds.");
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new OptionException("file", $"Cannot read the trace '{Path.GetFullPath(path.Length == 0 ? "." : path)}': {exception.Message}");
        }
    }

    private static double? Duration(string field)
        => double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var ms) && ms is >= 0 and <= 1e9 ? ms : null;

    private static int? Worker(string[] fields, int columns)
        => columns < 2 ? 0 : int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var worker) ? worker : null;
}
