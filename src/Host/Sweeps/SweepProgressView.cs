using System.Diagnostics;
using System.Globalization;
using Orchestrator.Sweeps;
using Spectre.Console;

namespace Orchestrator.Host;

/// <summary>
/// Shows where a sweep is, on standard error: cells and runs done, failures, time left, what the
/// jobs do and the table so far; on a terminal redrawn twice a second, otherwise a line every ten
/// seconds. It reads folders only.
/// </summary>
internal sealed class SweepProgressView : IDisposable
{
    private const int RedrawMs = 500;
    private const int LineMs = 10_000;
    private const int BarWidth = 40;
    private const int LinesBesidesTable = 6;
    private static readonly TimeSpan BetweenTables = TimeSpan.FromSeconds(5);

    private readonly Terminal terminal;
    private readonly SweepPlan plan;
    private readonly SweepStore store;
    private readonly Jobs jobs;
    private readonly Agenda agenda;
    private readonly Stopwatch elapsed = Stopwatch.StartNew();
    private readonly ManualResetEventSlim ended = new();
    private readonly Thread thread;
    private readonly int doneBefore;
    private TimeSpan? tableAt;
    private string table = "";

    public SweepProgressView(Terminal terminal, SweepPlan plan, SweepStore store, Jobs jobs)
    {
        (this.terminal, this.plan, this.store, this.jobs, agenda) = (terminal, plan, store, jobs, new Agenda(plan));
        var state = agenda.Look(store);
        doneBefore = Done(state);
        thread = new Thread(Show) { Name = "sweep's progress", IsBackground = true };
        thread.Start();
    }

    public void Dispose()
    {
        ended.Set();
        thread.Join();
        ended.Dispose();
    }

    private static int Done(AgendaState state) => state.Known.Count - state.Wanted.Count - state.Failed.Count;

    private static string Clock(double seconds) =>
        double.IsFinite(seconds) ? TimeSpan.FromSeconds(seconds).ToString(seconds >= 86400 ? @"d\.hh\:mm\:ss" : @"h\:mm\:ss", CultureInfo.InvariantCulture) : "-";

    private void Show()
    {
        if (!terminal.Error.Profile.Capabilities.Interactive)
        {
            while (!ended.Wait(LineMs))
            {
                terminal.Error.WriteLine(Line(agenda.Look(store)));
            }

            return;
        }

        terminal.Error.Live(Text.Empty).AutoClear(true).Start(live =>
        {
            while (!ended.Wait(RedrawMs))
            {
                live.UpdateTarget(Render());
                live.Refresh();
            }
        });
    }

    private Rows Render()
    {
        var state = agenda.Look(store);
        var share = Share(state);
        var full = (int)(share * BarWidth);
        var running = jobs.Views.Where(job => job.Run is not null).Select(job => string.Create(CultureInfo.InvariantCulture, $"  {job.Share * 100,3:F0} %  {job.Run}")).ToList();
        if (tableAt is null || elapsed.Elapsed - tableAt > BetweenTables)
        {
            table = SweepTable.Of(plan, state, store).ToText(Math.Max(40, terminal.Error.Profile.Width));
            tableAt = elapsed.Elapsed;
        }

        var room = Math.Max(0, terminal.Error.Profile.Height - running.Count - LinesBesidesTable);
        return new Rows(
            new Markup($"[bold]{plan.Name.EscapeMarkup()}[/]"),
            new Markup($"[green]{new string('━', full)}[/][grey]{new string('─', BarWidth - full)}[/]"),
            new Text(Line(state)),
            new Text(string.Join('\n', running)),
            new Text(string.Join('\n', table.Split('\n').Take(room))));
    }

    private string Line(AgendaState state)
    {
        var cells = state.Known.GroupBy(wanted => wanted.Run.Cell.Index).Count(cell => cell.All(wanted => store.Completed(wanted.Run.Key) is not null));
        var failed = state.Failed.Count == 0 ? "" : $", {state.Failed.Count} failed";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{cells} of {plan.Cells.Count} cells, {Done(state)} of {state.Known.Count} runs done{failed}; {Clock(elapsed.Elapsed.TotalSeconds)} elapsed, {Clock(Left(state))} left");
    }

    private double Share(AgendaState state) => Math.Clamp((Done(state) + jobs.Views.Sum(job => job.Share)) / Math.Max(1, state.Known.Count), 0, 1);

    // What was done since this command began, at the rate of that time.
    private double Left(AgendaState state)
    {
        var made = Done(state) - doneBefore + jobs.Views.Sum(job => job.Share);
        return made > 0.05 ? elapsed.Elapsed.TotalSeconds / made * Math.Max(0, state.Known.Count - state.Failed.Count - doneBefore - made) : double.NaN;
    }
}
