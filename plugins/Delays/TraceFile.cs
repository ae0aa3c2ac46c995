using System.Globalization;
using System.Text;
using Orchestrator.Abstractions;

namespace Orchestrator.Delays;

/// <summary>Recorded durations by worker.</summary>
internal sealed class TraceFile
{
    private const int LongestLine = 1_000;
    private const int LongestQuote = 60;

    private readonly double[][] durations;

    private TraceFile(double[][] durations, bool isShared) => (this.durations, IsShared) = (durations, isShared);

    /// <summary>One list for all workers: the file has no worker column.</summary>
    public bool IsShared { get; }

    public int Workers => durations.Length;

    public double[] Durations(int index) => durations[index];

    /// <exception cref="OptionException">The file cannot be read, is empty, or a line is not what
    /// it should be.</exception>
    public static TraceFile Read(string path)
    {
        try
        {
            using var reader = new StreamReader(RegularFile.Open(path, bufferSize: 1 << 16));
            return Read(path, Lines(path, reader));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new OptionException("file", $"Cannot read the trace '{Path.GetFullPath(path.Length == 0 ? "." : path)}': {exception.Message}");
        }
    }

    private static TraceFile Read(string path, IEnumerable<string> lines)
    {
        var workers = new SortedDictionary<int, List<double>>();
        var (number, columns) = (0, 0);
        var (isHeaded, isWhole) = (false, true);
        foreach (var line in lines)
        {
            number++;
            var text = line.Trim();
            var fields = text.Split(',');
            if (text.Length == 0 || text[0] == '#')
            {
                continue;
            }

            if (columns == 0 && !isHeaded && IsHeader(fields))
            {
                isHeaded = true;
                continue;
            }

            columns = columns == 0 ? fields.Length : columns;
            if (fields.Length != columns || columns > 2 || Duration(fields[^1]) is not { } ms || Worker(fields, columns) is not { } worker)
            {
                var shown = text.Length <= LongestQuote ? text : text[..LongestQuote] + "...";
                throw new OptionException("file", $"{path}:{number}: '{shown}' is not {(columns == 2 ? "worker,milliseconds" : "a number of milliseconds")}; allowed: finite, 0 to 1e9, one format throughout.");
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

    // A header is in words; NaN and the like are numbers that no duration can be.
    private static bool IsHeader(string[] fields) =>
        fields[0].TrimStart('"', '\'', ' ') is [var first, ..] && char.IsLetter(first) && !IsNumber(fields[^1].Trim().TrimStart('+', '-'));

    private static bool IsNumber(string field) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out _) || field.Equals("inf", StringComparison.OrdinalIgnoreCase);

    private static string Some(IEnumerable<int> workers)
    {
        var first = workers.Take(4).ToList();
        return string.Join(", ", first.Take(3)) + (first.Count > 3 ? ", ..." : "");
    }

    // What is no text may go on for gigabytes without the end of a line.
    private static IEnumerable<string> Lines(string path, StreamReader reader)
    {
        var line = new StringBuilder();
        var number = 1;
        while (true)
        {
            var letter = reader.Read();
            if (letter is '\n' or -1)
            {
                yield return line.ToString();
                line.Clear();
                number++;
            }
            else if (line.Length < LongestLine)
            {
                line.Append((char)letter);
            }
            else
            {
                throw new OptionException("file", $"{path}:{number}: the line is longer than {LongestLine} characters; one number of milliseconds per line, or worker,milliseconds.");
            }

            if (letter < 0)
            {
                yield break;
            }
        }
    }

    private static double? Duration(string field)
        => double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var ms) && ms is >= 0 and <= 1e9 ? ms : null;

    private static int? Worker(string[] fields, int columns)
        => columns < 2 ? 0 : int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var worker) ? worker : null;
}
