using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Playwright;

namespace Orchestrator.Reports.Tests;

/// <summary><c>run --watch</c>, and sweeps that are served while they go on.</summary>
public sealed class LiveWatchTests(Browser browser)
{
    private const string Said = "live page: ";

    [Fact]
    public void Who_is_watched_comes_to_the_same_digest()
    {
        using var watched = new ShortRun("quickstart", "--set", "stop.epochs=1", "--watch");
        using var alone = new ShortRun("quickstart", "--set", "stop.epochs=1");
        Assert.Equal(alone.Result.GetProperty("digest").GetString(), watched.Result.GetProperty("digest").GetString());
        Assert.Equal(File.ReadAllText(Path.Combine(alone.Folder, "partitions.csv")), File.ReadAllText(Path.Combine(watched.Folder, "partitions.csv")));
    }

    [Fact]
    public async Task A_watched_run_says_where_its_page_is_and_the_page_sees_its_end()
    {
        using var root = new Folder();
        string[] arguments = ["run", "quickstart", "--set", "stop.epochs=10000", "--watch", "--json", "--quiet", "--output", root.Path];
        var start = new ProcessStartInfo(ShortRun.Program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var run = Process.Start(start)!;
        try
        {
            string? line;
            do
            {
                line = await run.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
            }
            while (line?.StartsWith(Said, StringComparison.Ordinal) == false);
            var address = new Uri(line![Said.Length..]);
            Assert.StartsWith("/runs/quickstart/", address.AbsolutePath, StringComparison.Ordinal);

            await using var page = await browser.OpenAsync(address.AbsoluteUri);
            await page.UntilAsync("$('liveState').textContent === 'live' && data.pushes.count > 100");
            using var kill = Process.Start("kill", ["-INT", run.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await page.UntilAsync("$('liveState').textContent === 'ended'", seconds: 120);
            Assert.Equal("interrupted", (await page.Page.TextContentAsync(".id .status"))!.Trim());

            // The summary is the page's, and nothing is left that answers.
            using var summary = JsonDocument.Parse(await run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
            Assert.Equal(summary.RootElement.GetProperty("updates").GetInt64(), await page.Ask<long>("data.pushes.count"));
            await run.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(130, run.ExitCode);
            using var client = new TcpClient();
            await Assert.ThrowsAsync<SocketException>(async () => await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken));
            Assert.Empty(page.Complaints);
        }
        finally
        {
            run.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task A_page_whose_run_is_interrupted_goes_on_when_the_run_is_resumed()
    {
        using var root = new Folder();
        using var served = new ServedRuns(root.Path);
        var first = Start("run", "quickstart", "--set", "stop.epochs=100000");
        var all = Path.Combine(root.Path, "quickstart");
        while (!Directory.Exists(all) || Directory.GetDirectories(all, "*-1").Length == 0)
        {
            Assert.False(first.WaitForExit(20), "The run ended first.");
        }

        var run = Directory.GetDirectories(all, "*-1").Single();
        await using var page = await browser.OpenAsync(served.PageOf(run));
        await page.UntilAsync("$('liveState').textContent === 'live' && data.pushes.count > 100", seconds: 120);
        await Interrupt(first);
        Assert.Equal("interrupted", (await page.Page.TextContentAsync(".id .status"))!.Trim());
        var before = await page.Ask<long>("data.pushes.count");

        var second = Start("run", "--resume", Path.GetFileName(run));
        await page.UntilAsync($"$('liveState').textContent === 'live' && data.pushes.count > {before}", seconds: 120);
        Assert.Equal("running", (await page.Page.TextContentAsync(".id .status"))!.Trim());
        await Interrupt(second);
        Assert.True(await page.Page.IsVisibleAsync("#livePause"));
        Assert.Empty(page.Complaints);

        Process Start(params string[] arguments) =>
            Process.Start(new ProcessStartInfo(ShortRun.Program, [.. arguments, "--quiet", "--output", root.Path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

        async Task Interrupt(Process running)
        {
            using (running)
            using (Process.Start("kill", ["-INT", running.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            {
                await running.WaitForExitAsync(TestContext.Current.CancellationToken);
                Assert.Equal(130, running.ExitCode);
            }

            await page.UntilAsync("$('liveState').textContent === 'stopped'", seconds: 120);
        }
    }

    [Fact]
    public async Task A_sweep_is_followed_from_the_page_above_to_the_numbers_of_its_table()
    {
        using var root = new Folder();
        using var served = new ServedRuns(root.Path);
        await using var page = await browser.OpenAsync(served.Address);
        var ended = Task.Run(() => new ShortRun(root.Path, SweepPageTests.Pipeline, ["--jobs", "1"]));
        var link = page.Page.Locator("a[href^='/sweeps/']");
        await link.WaitForAsync(new() { Timeout = 120_000 });
        await link.ClickAsync();
        await page.Page.WaitForURLAsync("**/sweeps/survives/*", new() { WaitUntil = WaitUntilState.Commit });
        await page.Page.WaitForSelectorAsync("html[data-ready]");
        Assert.Equal("survives", await page.Page.TextContentAsync("h1"));

        using var sweep = await ended;
        await page.UntilAsync("$('liveState').textContent === 'ended'");
        using var table = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(sweep.Folder, "table.json"), TestContext.Current.CancellationToken));
        using var shown = JsonDocument.Parse(await page.Ask<string>("JSON.stringify(data.table)"));
        Assert.True(JsonElement.DeepEquals(table.RootElement.GetProperty("cells"), shown.RootElement.GetProperty("cells")));
        Assert.Equal("12", await page.Page.TextContentAsync("#done"));
        Assert.True(await page.ColoursOf("means") >= 4, "The means are not drawn.");
        await page.FitsEveryWindowAsync("live-sweep");

        // Each of its runs has a page, which is that run's.
        var runs = page.Page.Locator("#sweepRuns a");
        Assert.Equal(12, await runs.CountAsync());
        var first = new Uri(page.Page.Url).GetLeftPart(UriPartial.Authority) + await runs.First.GetAttributeAsync("href");
        await runs.First.ClickAsync();
        await page.Page.WaitForURLAsync(first, new() { WaitUntil = WaitUntilState.Commit });
        await page.UntilAsync("document.documentElement.dataset.ready && $('liveState').textContent === 'ended'");
        Assert.Equal("survives", await page.Page.TextContentAsync("h1"));
        Assert.Empty(page.Complaints);
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("orchestrator-live-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
