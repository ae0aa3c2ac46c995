using System.Globalization;
using Orchestrator.Abstractions;

namespace Orchestrator.Delays;

/// <summary>Recorded times on, by worker, ascending, without overlap.</summary>
internal sealed class WindowFile
{
    private const string Form = "worker,from,to";
    private const double LatestMs = 1e13;

    private readonly (double[] From, double[] To)[] windows;

    private WindowFile((double[] From, double[] To)[] windows) => this.windows = windows;

    public int Workers => windows.Length;

    /// <summary>The end of the last window of all.</summary>
    public double EndMs => windows.Max(worker => worker.To[^1]);

    public (double[] From, double[] To) Windows(int index) => windows[index];

    /// <exception cref="OptionException">The file cannot be read, is empty, or a line is not what
    /// it should be.</exception>
    public static WindowFile Read(string path) => TraceLines.Read(path, Form, lines => Read(path, lines));

    private static WindowFile Read(string path, IEnumerable<TraceLine> lines)
    {
        var workers = new SortedDictionary<int, List<(double From, double To, int Line)>>();
        var isHeaded = false;
        foreach (var line in lines)
        {
            if (workers.Count == 0 && !isHeaded && line.IsHeader)
            {
                isHeaded = true;
                continue;
            }

            if (line.Fields is not [var name, var start, var end] || Worker(name) is not { } worker || Time(start) is not { } from || Time(end) is not { } to || from >= to)
            {
                throw line.Wrong(Form, "a worker's number, and two times in ms, 0 to 1e13, the second one later");
            }

            (workers.TryGetValue(worker, out var list) ? list : workers[worker] = []).Add((from, to, line.Number));
        }

        foreach (var (worker, list) in workers)
        {
            list.Sort();
            for (var i = 1; i < list.Count; i++)
            {
                if (list[i].From < list[i - 1].To)
                {
                    throw new OptionException("file", $"{path}:{list[i].Line}: worker {worker} is on from {Text(list[i].From)} to {Text(list[i].To)} ms, which overlaps with line {list[i - 1].Line}; every time is in one window at most.");
                }
            }
        }

        return workers.Count > 0
            ? new WindowFile([.. workers.Values.Select(list => (list.Select(window => window.From).ToArray(), list.Select(window => window.To).ToArray()))])
            : throw new OptionException("file", $"{path} holds no windows; lines worker,from,to in ms.");
    }

    private static double? Time(string field) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var ms) && ms is >= 0 and <= LatestMs ? ms : null;

    private static int? Worker(string field) => int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var worker) ? worker : null;

    private static string Text(double ms) => ms.ToString(CultureInfo.InvariantCulture);
}
