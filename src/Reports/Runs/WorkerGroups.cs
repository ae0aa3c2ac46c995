using System.Text.Json;
using Orchestrator.Abstractions;

namespace Orchestrator.Reports;

/// <summary>
/// What each worker did; where there are more than fit a page, what each group of consecutive
/// workers did.
/// </summary>
internal sealed class WorkerGroups
{
    /// <summary>The largest number of groups.</summary>
    public const int Most = 64;

    private readonly int workers;
    private readonly Totals[] totals;

    /// <param name="workers">At least 1.</param>
    public WorkerGroups(int workers)
    {
        this.workers = workers;
        Size = ((workers - 1) / Most) + 1;
        totals = [.. Enumerable.Range(0, ((workers - 1) / Size) + 1).Select(_ => new Totals())];
    }

    /// <summary>Workers in a group; the last may have fewer.</summary>
    public int Size { get; }

    public int Count => totals.Length;

    /// <summary>The group of a worker.</summary>
    public int Of(int worker) => Math.Clamp(worker / Size, 0, totals.Length - 1);

    /// <param name="push">Of any decision.</param>
    /// <param name="waited">How long its worker had waited before its pull, ns.</param>
    public void Add(in PushRecord push, long waited)
    {
        var of = totals[Of(push.Worker)];
        of.Pushes[(int)push.Decision]++;
        of.Waited += waited;
        of.Busy += Math.Max(0, push.ArrivedAt - push.PulledAt);
        if (push.Decision == PushDecision.Cancelled)
        {
            return;
        }

        of.Staleness += push.Staleness;
        of.Smallest = Math.Min(of.Smallest, push.Staleness);
        of.Largest = Math.Max(of.Largest, push.Staleness);
        of.Gap += push.GapRms;
        of.Samples += push.Decision == PushDecision.Dropped ? 0 : push.Samples;
    }

    public void Write(Utf8JsonWriter json, string name) => json.Object(name, () =>
    {
        json.WriteNumber("workers", workers);
        json.WriteNumber("size", Size);
        json.Texts("names", Enumerable.Range(0, Count).Select(NameOf));
        json.Integers("members", Enumerable.Range(0, Count).Select(group => Math.Min(workers, (group + 1L) * Size) - (group * (long)Size)));
        foreach (var decision in Enum.GetValues<PushDecision>())
        {
            json.Integers(decision.ToString().ToLowerInvariant(), totals.Select(of => of.Pushes[(int)decision]));
        }

        json.Integers("samples", totals.Select(of => of.Samples));
        json.Numbers("busySeconds", totals.Select(of => of.Busy / 1e9));
        json.Numbers("waitedSeconds", totals.Select(of => of.Waited / 1e9));
        json.Numbers("staleness", totals.Select(of => of.Arrived == 0 ? double.NaN : (double)of.Staleness / of.Arrived));
        json.Numbers("smallestStaleness", totals.Select(of => of.Arrived == 0 ? double.NaN : of.Smallest));
        json.Numbers("largestStaleness", totals.Select(of => of.Arrived == 0 ? double.NaN : of.Largest));
        json.Numbers("gap", totals.Select(of => of.Arrived == 0 ? double.NaN : of.Gap / of.Arrived));
    });

    private string NameOf(int group) =>
        Size == 1 ? FormattableString.Invariant($"{group}") : FormattableString.Invariant($"{group * (long)Size}-{Math.Min(workers, (group + 1L) * Size) - 1}");

    private sealed class Totals
    {
        public long[] Pushes { get; } = new long[Enum.GetValues<PushDecision>().Length];

        public long Arrived => Pushes.Sum() - Pushes[(int)PushDecision.Cancelled];

        public long Samples { get; set; }

        public long Busy { get; set; }

        public long Waited { get; set; }

        public long Staleness { get; set; }

        public long Smallest { get; set; } = long.MaxValue;

        public long Largest { get; set; }

        public double Gap { get; set; }
    }
}
