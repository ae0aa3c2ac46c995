using System.Globalization;
using Orchestrator.Abstractions;

namespace Orchestrator.Delays;

/// <summary>Recorded durations by worker.</summary>
internal sealed class TraceFile
{
    // What the engine takes, ms: a recorded duration can be as long as any.
    private const double Limit = 9e12;

    private readonly double[][] durations;

    private TraceFile(double[][] durations, bool isShared) => (this.durations, IsShared) = (durations, isShared);

    /// <summary>One list for all workers: the file has no worker column.</summary>
    public bool IsShared { get; }

    public int Workers => durations.Length;

    public double[] Durations(int index) => durations[index];

    /// <exception cref="OptionException">The file cannot be read, is empty, or a line is not what
    /// it should be.</exception>
    public static TraceFile Read(string path) => TraceLines.Read(path, "one number of milliseconds per line, or worker,milliseconds", lines => Read(path, lines));

    private static TraceFile Read(string path, IEnumerable<TraceLine> lines)
    {
        var workers = new SortedDictionary<int, List<double>>();
        var columns = 0;
        var (isHeaded, isWhole) = (false, true);
        foreach (var line in lines)
        {
            if (columns == 0 && !isHeaded && line.IsHeader)
            {
                isHeaded = true;
                continue;
            }

            var fields = line.Fields;
            columns = columns == 0 ? fields.Length : columns;
            if (fields.Length != columns || columns > 2 || Duration(fields[^1]) is not { } ms || Worker(fields, columns) is not { } worker)
            {
                throw line.Wrong(columns == 2 ? "worker,milliseconds" : "a number of milliseconds", "finite, at least 0 and below 9e12, one format throughout");
            }

            isWhole &= !fields[^1].Contains('.');
            (workers.TryGetValue(worker, out var list) ? list : workers[worker] = []).Add(ms);
        }

        if (columns == 2 && !isHeaded && isWhole && workers.Keys.Last() != workers.Count - 1)
        {
            throw new OptionException("file", $"{path}: its workers are {Some(workers.Keys)}, with whole milliseconds: is this a decimal comma? Write 12.5 for 12,5; or, if these are workers, begin the file with the line worker,milliseconds.");
        }

        return workers.Count > 0
            ? new TraceFile([.. workers.Values.Select(list => list.ToArray())], columns == 1)
            : throw new OptionException("file", $"{path} holds no durations; one number of milliseconds per line, or worker,milliseconds.");
    }

    private static string Some(IEnumerable<int> workers)
    {
        var first = workers.Take(4).ToList();
        return string.Join(", ", first.Take(3)) + (first.Count > 3 ? ", ..." : "");
    }

    private static double? Duration(string field)
        => double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var ms) && ms is >= 0 and < Limit ? ms : null;

    private static int? Worker(string[] fields, int columns)
        => columns < 2 ? 0 : int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var worker) ? worker : null;
}
