using System.Diagnostics;
using System.Globalization;
using Orchestrator.Engine;
using Orchestrator.Runs;
using Spectre.Console;

namespace Orchestrator.Host;

/// <summary>
/// Shows where a run is, on standard error: on a terminal three lines that are redrawn five times a
/// second, otherwise a line every ten seconds. It reads <see cref="RunProgress"/> and can neither
/// slow nor change the run.
/// </summary>
internal sealed class ProgressView : IDisposable
{
    private readonly Terminal terminal;
    private readonly RunView run;
    private readonly RunProgress progress;
    private readonly Stopwatch elapsed = Stopwatch.StartNew();
    private readonly ManualResetEventSlim ended = new();
    private readonly Thread thread;
    private long lastUpdates;
    private double lastSeconds;
    private double rate;

    /// <summary>Shows the run until disposed of.</summary>
    public ProgressView(Terminal terminal, RunView run)
    {
        (this.terminal, this.run, progress) = (terminal, run, run.Progress);
        thread = new Thread(Show) { Name = "progress", IsBackground = true };
        thread.Start();
    }

    public void Dispose()
    {
        ended.Set();
        thread.Join();
        ended.Dispose();
    }

    private void Show()
    {
        if (!terminal.Error.Profile.Capabilities.Interactive)
        {
            while (!ended.Wait(10_000))
            {
                terminal.Error.WriteLine(PlainLine());
            }

            return;
        }

        terminal.Error.Live(Text.Empty).AutoClear(true).Start(live =>
        {
            while (!ended.Wait(200))
            {
                live.UpdateTarget(Render());
                live.Refresh();
            }
        });
    }

    private static string Number(double value, string format) => double.IsNaN(value) ? "-" : value.ToString(format, CultureInfo.InvariantCulture);

    private static string Clock(double seconds) =>
        double.IsFinite(seconds) ? TimeSpan.FromSeconds(seconds).ToString(seconds >= 86400 ? @"d\.hh\:mm\:ss" : seconds >= 3600 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture) : "-";

    private Rows Render()
    {
        Measure();
        var done = Math.Clamp(run.ShareDone(), 0, 1);
        var width = Math.Clamp(terminal.Error.Profile.Width - 40, 10, 50);
        var full = (int)(done * width);
        var seconds = elapsed.Elapsed.TotalSeconds;
        var left = done > 0.005 ? Clock(seconds / done * (1 - done)) : "-";
        return new Rows(
            new Markup($"[bold]{run.Title.EscapeMarkup()}[/]"),
            new Markup($"[green]{new string('━', full)}[/][grey]{new string('─', width - full)}[/] {done * 100,3:F0} %  {Clock(seconds)} elapsed, {left} left"),
            new Text(Figures()));
    }

    private string PlainLine()
    {
        Measure();
        return $"{Math.Clamp(run.ShareDone(), 0, 1) * 100:F0} %  {Clock(elapsed.Elapsed.TotalSeconds)}  {Figures()}";
    }

    private string Figures()
    {
        var staleness = progress.Pushes == 0 ? double.NaN : (double)progress.StalenessSum / progress.Pushes;
        var validation = double.IsNaN(progress.ValidationAccuracy) ? "" : $"validation {Number(progress.ValidationAccuracy, "F1")} %  ";
        return $"epoch {Number(progress.Epoch, "F2")}  updates {Number(progress.Updates, "N0")} ({Number(rate, "N0")}/s)  loss {Number(progress.Loss, "F3")}  "
            + $"test {Number(progress.TestAccuracy, "F1")} %  {validation}staleness {Number(staleness, "F2")}";
    }

    // Updates per second, smoothed over a few redraws.
    private void Measure()
    {
        var (updates, seconds) = (progress.Updates, elapsed.Elapsed.TotalSeconds);
        var now = (updates - lastUpdates) / Math.Max(1e-3, seconds - lastSeconds);
        rate = lastSeconds == 0 ? now : rate + (0.3 * (now - rate));
        (lastUpdates, lastSeconds) = (updates, seconds);
    }
}
