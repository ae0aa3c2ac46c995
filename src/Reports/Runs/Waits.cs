using System.Text.Json;
using Orchestrator.Abstractions;

namespace Orchestrator.Reports;

/// <summary>
/// Who waited for whom. A worker waits from its arrival to its next pull; the arrival that came
/// last before that pull let it go on, and so it waited for that arrival's worker. Its own means
/// that nothing held it.
/// </summary>
/// <param name="groups">Groups of workers.</param>
internal sealed class Waits(WorkerGroups groups)
{
    /// <summary>Nobody is known to have ended the wait.</summary>
    public const int Unknown = -1;

    // Who ended a wait is forgotten when at least so many arrivals came since.
    private const int Remembered = 1 << 18;

    private readonly List<(long Event, int Worker)> arrivals = [];
    private readonly Dictionary<int, (long Event, long At)> last = [];
    private readonly long[,] waited = new long[groups.Count, groups.Count];
    private long unknown;

    /// <summary>Takes a push, in the order of arrivals.</summary>
    /// <returns>How long its worker had waited before it pulled, ns, and for whom.</returns>
    public (long Waited, int For) Add(in PushRecord push)
    {
        var wait = 0L;
        var whom = push.Worker;
        if (last.TryGetValue(push.Worker, out var before) && push.PullEvent > before.Event)
        {
            wait = Math.Max(0, push.PulledAt - before.At);
            whom = wait == 0 ? push.Worker : Before(push.PullEvent);
            Count(push.Worker, whom, wait);
        }

        last[push.Worker] = (push.Event, push.ArrivedAt);
        arrivals.Add((push.Event, push.Worker));
        if (arrivals.Count == 2 * Remembered)
        {
            arrivals.RemoveRange(0, Remembered);
        }

        return (wait, whom);
    }

    public void Write(Utf8JsonWriter json, string name) => json.Object(name, () =>
    {
        json.WriteNumber("unknownSeconds", unknown / 1e9);
        json.WriteStartArray("seconds");
        for (var of = 0; of < groups.Count; of++)
        {
            for (var by = 0; by < groups.Count; by++)
            {
                if (waited[of, by] > 0)
                {
                    json.WriteStartArray();
                    json.WriteNumberValue(of);
                    json.WriteNumberValue(by);
                    json.WriteNumberValue(waited[of, by] / 1e9);
                    json.WriteEndArray();
                }
            }
        }

        json.WriteEndArray();
    });

    private void Count(int worker, int whom, long wait)
    {
        if (whom == Unknown)
        {
            unknown += wait;
        }
        else
        {
            waited[groups.Of(worker), groups.Of(whom)] += wait;
        }
    }

    // The newest arrival before the pull: they are in the order of their numbers.
    private int Before(long pull)
    {
        var (low, high) = (0, arrivals.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = arrivals[middle].Event < pull ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? Unknown : arrivals[low - 1].Worker;
    }
}
