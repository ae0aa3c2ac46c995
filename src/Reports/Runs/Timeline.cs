using System.Text.Json;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Reports;

/// <summary>
/// Every push of some windows of the run: all of a short run, else its beginning, middle and end;
/// of one under way its beginning and its newest pushes.
/// </summary>
internal sealed class Timeline
{
    private const int MostInWindow = 2500;

    // They change with every look at them.
    private const int MostNewest = 500;
    private const int MostWhole = 3 * MostInWindow;

    // Times are rounded to a thousandth of a push's usual time.
    private const double Steps = 1000;

    private readonly List<Window> windows;
    private readonly Queue<Bar>? newest;
    private long count;

    private Timeline(List<Window> windows, Queue<Bar>? newest = null) => (this.windows, this.newest) = (windows, newest);

    /// <summary>Of a run that nothing is added to.</summary>
    /// <param name="pushes">How many there are.</param>
    public static Timeline Of(PushCounts pushes)
    {
        var total = pushes.Applied + pushes.Buffered + pushes.Dropped + pushes.Cancelled;
        return new(total <= MostWhole
            ? [new Window("the whole run", 0, MostWhole)]
            : [new("beginning", 0, MostInWindow), new("middle", (total - MostInWindow) / 2, MostInWindow), new("end", total - MostInWindow, MostInWindow)]);
    }

    /// <summary>Of a run that goes on.</summary>
    public static Timeline OfGrowing() => new([new Window("beginning", 0, MostInWindow)], new Queue<Bar>());

    /// <param name="push">The next push.</param>
    /// <param name="waited">How long its worker had waited before its pull, ns.</param>
    /// <param name="whom">For whom.</param>
    public void Add(in PushRecord push, long waited, int whom)
    {
        foreach (var window in windows)
        {
            if (count >= window.From && window.Bars.Count < window.Most)
            {
                window.Bars.Add(new Bar(push, waited, whom));
            }
        }

        if (newest is not null && count >= MostInWindow)
        {
            newest.Enqueue(new Bar(push, waited, whom));
            if (newest.Count > MostNewest)
            {
                newest.Dequeue();
            }
        }

        count++;
    }

    public void Write(Utf8JsonWriter json, string name) => json.Object(name, () =>
    {
        var unit = Unit();
        json.WriteNumber("pushes", count);
        json.WriteNumber("unitNs", unit);
        json.WriteStartArray("windows");
        foreach (var window in Shown())
        {
            json.WriteStartObject();
            json.WriteString("name", window.Name);
            json.WriteNumber("from", window.From);
            json.Integers("worker", window.Bars.Select(bar => (long)bar.Push.Worker));
            json.Integers("pulled", window.Bars.Select(bar => bar.Push.PulledAt / unit));
            json.Integers("arrived", window.Bars.Select(bar => bar.Push.ArrivedAt / unit));
            json.Integers("staleness", window.Bars.Select(bar => bar.Push.Staleness));
            json.Integers("decision", window.Bars.Select(bar => (long)bar.Push.Decision));
            json.Integers("waited", window.Bars.Select(bar => bar.Waited / unit));
            json.Integers("whom", window.Bars.Select(bar => (long)bar.Whom));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private IEnumerable<Window> Shown() => windows
        .Concat(newest is null ? [] : [new Window("newest pushes", count - newest.Count, MostNewest) { Bars = [.. newest] }])
        .Where(window => window.Bars.Count > 0);

    private long Unit()
    {
        long[] durations = [.. windows.SelectMany(window => window.Bars).Select(bar => bar.Push.ArrivedAt - bar.Push.PulledAt).Where(ns => ns > 0).Order()];
        var usual = durations.Length == 0 ? 1 : durations[durations.Length / 2];
        return (long)Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(usual / Steps))));
    }

    private sealed record Window(string Name, long From, int Most)
    {
        public List<Bar> Bars { get; init; } = [];
    }

    private readonly record struct Bar(PushRecord Push, long Waited, int Whom);
}
