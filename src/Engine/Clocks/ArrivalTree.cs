using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Engine;

/// <summary>
/// Pushes by (time, worker), earliest first, at most one of each worker: a tree over the workers
/// whose nodes keep the earliest time among eight children, which lie together in one cache line,
/// and whose it is. A worker's place never changes, so that a change touches the few lines between
/// it and the root and no push, and cancellation leaves nothing behind.
/// </summary>
internal sealed class ArrivalTree
{
    private const int BranchBits = 3;
    private const int Branches = 1 << BranchBits;
    private const long Never = long.MaxValue;
    private static readonly Vector512<long> Lanes = Vector512<long>.Indices;

    private readonly InFlightPush?[] pushes;
    private readonly NativeVector memory;
    private readonly int[] earliestWorkers;

    // Where each level's nodes begin: the workers themselves first, the root last.
    private readonly int[] levels;

    public ArrivalTree(int workers)
    {
        pushes = new InFlightPush?[workers];
        var (starts, length) = (new List<int> { 0 }, 0);
        for (var nodes = workers; nodes > 1 || starts.Count == 1; starts.Add(length))
        {
            var groups = (nodes + Branches - 1) / Branches;
            length = checked(length + (groups * Branches));
            nodes = groups;
        }

        levels = [.. starts];
        earliestWorkers = new int[length + 1];
        memory = new NativeVector(checked((length + 1) * (sizeof(long) / sizeof(float))));
        Times.Fill(Never);
    }

    public int Count { get; private set; }

    /// <summary>The earliest push, or null.</summary>
    public InFlightPush? First => Count > 0 ? pushes[earliestWorkers[^1]] : null;

    // Times of all nodes; Never where there is no push.
    private Span<long> Times => MemoryMarshal.Cast<float, long>(memory.Span);

    public void Add(InFlightPush push, long time)
    {
        var (worker, key) = (push.Worker, Math.Min(time, Never - 1));
        if (pushes[worker] != push)
        {
            pushes[worker] = push;
        }

        Count++;
        var times = Times;
        times[worker] = key;
        var place = worker;
        for (var i = 1; i < levels.Length; i++)
        {
            place >>= BranchBits;
            var node = levels[i] + place;
            if (times[node] < key || (times[node] == key && earliestWorkers[node] < worker))
            {
                break;
            }

            (times[node], earliestWorkers[node]) = (key, worker);
        }
    }

    public (long Time, int Worker, InFlightPush Push) RemoveFirst()
    {
        var worker = earliestWorkers[^1];
        var time = Times[worker];
        Clear(worker);
        CacheLines.Fetch(ref pushes[earliestWorkers[^1]]);
        return (time, worker, pushes[worker]!);
    }

    /// <summary>Removes a push if it is in the queue.</summary>
    /// <returns>Whether it was.</returns>
    public bool Remove(InFlightPush push)
    {
        var found = Contains(push);
        if (found)
        {
            Clear(push.Worker);
        }

        return found;
    }

    private bool Contains(InFlightPush push) => pushes[push.Worker] == push && Times[push.Worker] != Never;

    private void Clear(int worker)
    {
        Count--;
        var times = Times;
        var (node, time, place) = (worker, Never, worker);
        for (var i = 1; ; i++)
        {
            times[node] = time;
            if (i == levels.Length)
            {
                break;
            }

            // The new time is put in beside the load: read back so soon after the store, eight at
            // once would wait for it.
            var first = levels[i - 1] + (place & -Branches);
            var group = Vector512.ConditionalSelect(
                Vector512.Equals(Lanes, Vector512.Create((long)(place & (Branches - 1)))), Vector512.Create(time), Vector512.Create<long>(times.Slice(first, Branches)));
            place >>= BranchBits;
            node = levels[i] + place;
            if (earliestWorkers[node] != worker)
            {
                break;
            }

            // Leftmost among equals: the lowest worker.
            time = Earliest(group);
            var child = first + BitOperations.TrailingZeroCount(Vector512.Equals(group, Vector512.Create(time)).ExtractMostSignificantBits());
            earliestWorkers[node] = i == 1 ? Math.Min(child, pushes.Length - 1) : earliestWorkers[child];
        }
    }

    private static long Earliest(Vector512<long> group)
    {
        var four = Vector256.Min(group.GetLower(), group.GetUpper());
        var two = Vector128.Min(four.GetLower(), four.GetUpper());
        return Math.Min(two[0], two[1]);
    }
}
