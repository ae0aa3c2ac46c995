using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Orchestrator.RunFolders;

namespace Orchestrator.Reports.Tests;

/// <summary>A run's page in a real browser, while the run goes on.</summary>
public sealed class LivePageTests(Browser browser)
{
    private const string Hostile = "</title><script>alert(1)</script><img src=x onerror=alert(2)>";

    [Fact]
    public async Task A_page_follows_its_run_and_ends_with_the_numbers_of_the_report()
    {
        using var run = MadeRun.Begin(Hostile, 5, 20_000, hasClasses: true);
        run.Grow(1_000);
        using var served = new ServedRuns(run.Output);
        await using var page = await browser.OpenAsync(served.PageOf(run.Folder));

        await Shows(page, run);
        Assert.Equal(Hostile, await page.Page.TextContentAsync("h1"));
        Assert.True(await page.ColoursOf("loss") >= 4, "The loss is not drawn.");
        Assert.True(await page.Ask<bool>("$('classes').hidden"), "No evaluation has counted classes yet.");

        // More than a timeline's first stretch, so that there is a newest one.
        run.Grow(9_000);
        await Shows(page, run);
        Assert.Equal(["beginning", "newest pushes"], await page.Ask<string[]>("data.timeline.windows.map(window => window.name)"));
        Assert.Equal(run.Pushes[^1].Staleness, await page.Ask<int>("data.timeline.windows[1].staleness.at(-1)"));
        await page.Page.Locator("#confusion").ScrollIntoViewIfNeededAsync();
        Assert.Equal(
            run.Confusion(10_000),
            await page.Ask<long[]>("echarts.getInstanceByDom($('confusion')).getOption().series[0].data.map(cell => (cell.value ?? cell)[3])"));
        Assert.Contains(Hostile, await page.Ask<string[]>("echarts.getInstanceByDom($('confusion')).getOption().xAxis[0].data"));
        Assert.Equal("running", (await page.Page.TextContentAsync(".id .status"))!.Trim());

        run.Grow(10_000);
        run.End();
        await page.UntilAsync("$('liveState').textContent === 'ended'");
        Assert.Equal("completed", (await page.Page.TextContentAsync(".id .status"))!.Trim());
        using var report = JsonDocument.Parse(RunReport.Data(run.Entry, []));
        using var shown = JsonDocument.Parse(await page.Ask<string>("JSON.stringify(data)"));
        Assert.True(JsonElement.DeepEquals(report.RootElement, shown.RootElement));
        Assert.Equal(0, await page.Ask<int>("document.images.length"));
        Assert.Empty(page.Complaints);
        Assert.All(page.Requests, address => Assert.StartsWith(served.Address, address, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_chosen_stays_chosen_while_the_run_goes_on()
    {
        using var run = MadeRun.Begin("chosen", 5, 20_000);
        run.Grow(2_000);
        using var served = new ServedRuns(run.Output);
        await using var page = await browser.OpenAsync(served.PageOf(run.Folder));
        await Shows(page, run);

        await page.Page.SelectOptionAsync("#stalenessCountsControls select", "0");
        await page.Page.CheckAsync("[data-axis] input[value=updates]");
        await page.Page.FocusAsync("#loss");
        await page.Page.Keyboard.PressAsync("+");
        var before = await page.Ask<double[]>(Window);
        run.Grow(3_000);
        await Shows(page, run);
        await page.Page.Locator("#loss").ScrollIntoViewIfNeededAsync();
        Assert.Equal("0", await page.Page.InputValueAsync("#stalenessCountsControls select"));
        Assert.True(await page.Page.IsCheckedAsync("[data-axis] input[value=updates]"));
        var after = await page.Ask<double[]>(Window);
        Assert.Equal(before[0], after[0], 1.0);
        Assert.Equal(before[1], after[1], 1.0);

        // Held, it asks for nothing; then it has all.
        await page.Page.ClickAsync("#livePause");
        run.Grow(1_000);
        Assert.Equal("held", await page.Page.TextContentAsync("#liveState"));
        await page.Page.ClickAsync("#livePause");
        await Shows(page, run);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task A_page_goes_on_after_its_server_was_away()
    {
        using var run = MadeRun.Begin("away", 2, 10_000);
        run.Grow(500);
        var first = new ServedRuns(run.Output);
        await using var page = await browser.OpenAsync(first.PageOf(run.Folder));
        await Shows(page, run);
        var port = new Uri(first.Address).Port;
        first.Dispose();
        await page.UntilAsync("$('liveState').textContent === 'disconnected'");

        run.Grow(500);
        using var second = new ServedRuns(run.Output, "--port", port.ToString(CultureInfo.InvariantCulture));
        await Shows(page, run);
        Assert.Equal("live", await page.Page.TextContentAsync("#liveState"));

        // A refused connection is what the console has of it, and nothing else.
        Assert.All(page.Complaints, text => Assert.Contains("net::ERR", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_whose_run_is_left_in_the_middle_says_so_and_asks_no_more()
    {
        using var run = MadeRun.Begin("left", 2, 10_000);
        run.Grow(500);
        using var served = new ServedRuns(run.Output);
        await using var page = await browser.OpenAsync(served.PageOf(run.Folder));
        await Shows(page, run);
        Assert.Equal(0, served.End());
        await page.UntilAsync("$('liveState').textContent === 'interrupted'");

        Assert.True(await page.Ask<bool>("(connect(), source === null)"));
        Assert.False(await page.Page.IsVisibleAsync("#livePause"));
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Clients_that_never_read_cost_others_nothing_and_the_server_no_memory()
    {
        using var run = MadeRun.Begin("deaf", 50, 200_000);
        run.Grow(5_000);
        using var served = new ServedRuns(run.Output);
        var address = new Uri(served.PageOf(run.Folder));
        var deaf = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 40; i++)
            {
                var client = new TcpClient { ReceiveBufferSize = 4096 };
                await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
                var request = Encoding.ASCII.GetBytes($"GET {address.AbsolutePath}/events HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n");
                await client.GetStream().WriteAsync(request, TestContext.Current.CancellationToken);
                deaf.Add(client);
            }

            await using var page = await browser.OpenAsync(address.AbsoluteUri);
            await Shows(page, run);
            var before = served.Memory;
            for (var i = 0; i < 10; i++)
            {
                run.Grow(10_000);
                await Shows(page, run);
            }

            Assert.InRange(served.Memory - before, -1000, 150);
            Assert.Empty(page.Complaints);
        }
        finally
        {
            deaf.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task Live_pages_fit_every_window_and_are_accessible()
    {
        using var run = MadeRun.Begin("asynchronous-with-a-long-name-that-has-no-place-to-break-a-line-in", 5, 20_000, hasClasses: true);
        run.Grow(10_000);
        using var served = new ServedRuns(run.Output);
        foreach (var (name, address) in new[] { ("live-run", served.PageOf(run.Folder)), ("live-index", served.Address) })
        {
            await using var page = await browser.OpenAsync(address);
            await page.UntilAsync("$('liveState').textContent === 'live'");
            await page.FitsEveryWindowAsync(name);
        }
    }

    private const string Window = "(zoom => [zoom.startValue, zoom.endValue])(echarts.getInstanceByDom($('loss')).getOption().dataZoom[0])";

    // All that was recorded, in the charts' data and in the text.
    private static async Task Shows(OpenPage page, MadeRun run)
    {
        var updates = run.Pushes.Count.ToString("N0", CultureInfo.InvariantCulture);
        await page.UntilAsync($"data.pushes.count === {run.Pushes.Count} && $('updates').textContent === '{updates}'");
    }
}
