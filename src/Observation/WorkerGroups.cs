using System.Globalization;

namespace Orchestrator.Observation;

/// <summary>
/// The value of the worker attribute of metrics: the worker itself up to a number of workers,
/// beyond it a range of equally many neighbours (<c>0-31</c>), so that thousands of workers make no
/// more series than that.
/// </summary>
internal sealed class WorkerGroups
{
    private readonly object[] names;
    private readonly int size;

    public WorkerGroups(int workers, int mostSeries)
    {
        size = Math.Max(1, (workers + mostSeries - 1) / mostSeries);
        names = [.. Enumerable.Range(0, (workers + size - 1) / size).Select(group => (object)Name(group, workers))];
    }

    /// <summary>The name for a worker; the same object every time.</summary>
    public object this[int worker] => names[worker / size];

    private string Name(int group, int workers)
    {
        var (first, last) = (group * size, Math.Min(workers, (group + 1) * size) - 1);
        return first == last ? first.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{first}-{last}");
    }
}
