using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Orchestrator.Reports.Tests;

/// <summary>The page above all runs.</summary>
public sealed class LiveIndexTests(Browser browser)
{
    private const int Runs = 1_000;

    [Fact]
    public async Task A_thousand_runs_are_listed_filtered_and_followed()
    {
        using var run = MadeRun.Begin("grows", 5, 20_000);
        run.Grow(1_000);
        using var other = new MadeRun("made", 2, 100);
        Copy(other.Folder, run.Output);
        using var served = new ServedRuns(run.Output);
        await using var page = await browser.OpenAsync(served.Address);

        await page.UntilAsync($"$('counted').textContent.startsWith('{Runs + 1:N0} of {Runs + 1:N0}')");
        await page.PictureAsync("live-index-many");
        Assert.Contains("Runs: 1,001, of which 1 under way", await page.Page.TextContentAsync("#heading"));
        Assert.Equal(Runs + 1, await page.Ask<int>("document.querySelectorAll('#runs tbody tr').length"));

        await page.Page.SelectOptionAsync("#states select", "running");
        Assert.Equal("1 of 1,001 are shown.", await page.Page.TextContentAsync("#counted"));
        await page.UntilAsync("document.querySelector('#runs tr:not([hidden]) td:nth-child(6)').textContent === '1,000'");
        run.Grow(500);
        await page.UntilAsync("document.querySelector('#runs tr:not([hidden]) td:nth-child(6)').textContent === '1,500'");
        run.End();
        await page.UntilAsync("$('counted').textContent.startsWith('0 of')");

        await page.Page.SelectOptionAsync("#states select", "all");
        await page.Page.FillAsync("#filter", "Grows");
        Assert.Equal("1 of 1,001 are shown.", await page.Page.TextContentAsync("#counted"));
        await page.Page.ClickAsync("#runs tr:not([hidden]) a");
        await page.Page.WaitForURLAsync("**/runs/grows/*", new() { WaitUntil = WaitUntilState.Commit });
        await page.Page.WaitForSelectorAsync("html[data-ready]");
        await page.UntilAsync("$('liveState').textContent === 'ended'");
        Assert.Equal("grows", await page.Page.TextContentAsync("h1"));
        Assert.Empty(page.Complaints);
    }

    // Run folders as another machine's are copied: whole, each with a number of its own.
    private static void Copy(string folder, string output)
    {
        var document = File.ReadAllText(Path.Combine(folder, "run.json"));
        for (var attempt = 1; attempt <= Runs; attempt++)
        {
            var copy = Directory.CreateDirectory(Path.Combine(output, "made", string.Create(CultureInfo.InvariantCulture, $"0123456789ab-{attempt}"))).FullName;
            var own = Regex.Replace(document, "\"attempt\": 1\\b", string.Create(CultureInfo.InvariantCulture, $"\"attempt\": {attempt}"));
            File.WriteAllText(Path.Combine(copy, "run.json"), own);
            File.Copy(Path.Combine(folder, "pipeline.json"), Path.Combine(copy, "pipeline.json"));
        }
    }
}
