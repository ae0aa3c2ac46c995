using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.Reports.Tests;

/// <summary>A fast run, and a night in front of the page, compressed.</summary>
public sealed class LiveSoakTests(Browser browser)
{
    // At most two states a second for ten hours would be 72,000.
    private const int States = 20_000;
    private const int PushesPerSecond = 5_000;
    private const int Seconds = 30;

    [Fact(Explicit = true)]
    public async Task A_tab_follows_five_thousand_updates_a_second_and_does_not_grow()
    {
        using var run = MadeRun.Begin("fast", 16, PushesPerSecond * Seconds);
        run.Grow(PushesPerSecond);
        using var served = new ServedRuns(run.Output);
        await using var page = await browser.OpenAsync(served.PageOf(run.Folder));
        await page.UntilAsync("$('liveState').textContent === 'live'");
        await page.Ask<bool>("""
            (() => {
              window.frames_ = []; window.states_ = 0; window.bytes_ = 0;
              let last = performance.now();
              const tick = now => { frames_.push(now - last); last = now; requestAnimationFrame(tick); };
              requestAnimationFrame(tick);
              const parse = JSON.parse; JSON.parse = text => { bytes_ += text.length; states_++; return parse(text); };
              return true;
            })()
            """);
        var (before, clock, processor) = (served.Memory, Stopwatch.StartNew(), served.ProcessorTime);
        for (var second = 1; second < Seconds; second++)
        {
            run.Grow(PushesPerSecond);
            var left = TimeSpan.FromSeconds(second) - clock.Elapsed;
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, TestContext.Current.CancellationToken);
        }

        var behind = Stopwatch.StartNew();
        await page.UntilAsync(string.Create(CultureInfo.InvariantCulture, $"data.pushes.count === {run.Pushes.Count}"));
        var frames = await page.Ask<double[]>("frames_.sort((a, b) => a - b)");
        Tell($"{run.Pushes.Count} pushes in {clock.Elapsed.TotalSeconds:F1} s; the page had the last after {behind.ElapsedMilliseconds} ms");
        Tell($"states {await page.Ask<int>("states_")}, {await page.Ask<long>("bytes_") / 1024} KiB");
        Tell($"frames: median {frames[frames.Length / 2]:F0} ms, 99 % {frames[(int)(frames.Length * 0.99)]:F0} ms, longest {frames[^1]:F0} ms");
        Tell($"server: {before} MiB before, {served.Memory} MiB after, {(served.ProcessorTime - processor).TotalSeconds:F1} s of processor");

        // A night: as many states, with the newest of the run, as fast as the page takes them.
        await page.Ask<bool>("(disconnect(), frames_ = [], true)");
        var heaps = new List<double>();
        for (var part = 0; part < 5; part++)
        {
            await page.Ask<bool>($$"""
                (() => {
                  for (let i = 0; i < {{States / 5}}; i++) {
                    const n = state.data.pushes.loss.mean.length;
                    change(state, [[['data', 'pushes', 'loss', 'mean'], n - 1, [Math.random()]], [['live', 'note'], null, `${i}`]]);
                    const summary = state.parts.summary.replace(/<dd id="updates">[^<]*/, `<dd id="updates">${i}`);
                    change(state, [[['parts', 'summary'], null, summary]]);
                    data = state.data; showParts();
                    if (i % 100 === 0) keep(drawAll);
                  }
                  return true;
                })()
                """);
            var session = await page.Page.Context.NewCDPSessionAsync(page.Page);
            await session.SendAsync("HeapProfiler.collectGarbage");
            var metrics = await session.SendAsync("Runtime.getHeapUsage");
            heaps.Add(metrics!.Value.GetProperty("usedSize").GetDouble() / (1 << 20));
            await session.DetachAsync();
        }

        var told = string.Join(", ", heaps.Select(heap => heap.ToString("F1", CultureInfo.InvariantCulture)));
        Tell($"heap of the tab after each fifth of {States} states, MiB: {told}; elements {await page.Ask<int>("document.querySelectorAll('*').length")}");
        Assert.InRange(heaps[^1] - heaps[0], -100, 3);
        Assert.InRange(served.Memory - before, -1000, 100);
        Assert.Empty(page.Complaints);
    }

    private static void Tell(string text) => TestContext.Current.SendDiagnosticMessage(text);
}
