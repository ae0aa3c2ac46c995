using System.Globalization;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;
using Orchestrator.Sweeps;

namespace Orchestrator.Reports.Tests;

/// <summary>A run's page in a real browser.</summary>
public sealed class RunPageTests(Browser browser)
{
    private static readonly string[] Charts =
        ["loss", "accuracy", "stalenessCounts", "stalenessOver", "stalenessByWorker", "gap", "gapByStaleness", "norms", "timeline", "shares", "partitionChart"];

    [Fact]
    public async Task A_real_run_ends_with_a_report_whose_charts_are_drawn_and_whose_numbers_are_the_folders()
    {
        using var run = new ShortRun("quickstart", "--set", "stop.epochs=2");
        await using var page = await browser.OpenAsync(run.Report);

        foreach (var chart in Charts)
        {
            Assert.True(await page.ColoursOf(chart) >= 4, $"{chart} is not drawn");
        }

        using var updates = RunRows.Updates(run.Folder);
        var pushes = updates.ReadAll().ToList();
        using var rows = RunRows.Evaluations(run.Folder);
        var evaluations = rows.ReadAll().ToList();
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{evaluations[^1].TestAccuracy:F2} %"), await Text(page, "testAccuracy"));
        Assert.Equal(pushes.Count.ToString("N0", CultureInfo.InvariantCulture), await Text(page, "updates"));
        Assert.Equal(pushes.Average(push => push.Staleness).ToString("F2", CultureInfo.InvariantCulture), await Text(page, "stalenessMean"));
        Assert.Equal(evaluations.Select(e => (double?)e.TestAccuracy), await page.SeriesOf("accuracy", "test accuracy"));
        var counts = pushes.CountBy(push => push.Staleness).ToDictionary();
        var shown = await page.Ask<double[]>("echarts.getInstanceByDom($('stalenessCounts')).getOption().series[0].data");
        Assert.Equal(Enumerable.Range(0, shown.Length).Select(value => (double)counts.GetValueOrDefault(value)), shown);
        Assert.Contains("Nobody waited", await page.Page.TextContentAsync("#workers"));
        Assert.Contains(run.Result.GetProperty("digest").GetString()!, await page.Page.TextContentAsync("#environment"));
        Assert.Empty(page.Complaints);
        Assert.Empty(page.Requests);
    }

    [Fact]
    public async Task A_run_with_more_sets_shows_a_curve_of_each_and_how_well_each_class_is_recognised()
    {
        using var run = new ShortRun("quickstart", "--set", "stop.epochs=1", "--set", "dataset={\"type\":\"glyphs\",\"train\":1500,\"test\":400}",
            "--set", "evaluation={\"everyUpdates\":10,\"perClass\":true,\"sets\":{\"train\":true,\"validation\":{\"share\":0.2}}}");
        await using var page = await browser.OpenAsync(run.Report);

        using var rows = RunRows.Evaluations(run.Folder);
        var evaluations = rows.ReadAll().ToList();
        await HasSeries(
            page, "accuracy", ("test accuracy", e => e.TestAccuracy), ("accuracy on the training samples", e => e.Train!.Value.Accuracy),
            ("validation accuracy", e => e.Validation!.Value.Accuracy));
        await HasSeries(
            page, "loss", ("test loss", e => e.TestLoss), ("loss on the training samples", e => e.Train!.Value.Loss),
            ("validation loss", e => e.Validation!.Value.Loss));
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{evaluations[^1].Validation!.Value.Accuracy:F2} %"), await Text(page, "validationAccuracy"));

        foreach (var (set, radio) in ((SampleSet, string)[])[
            (SampleSet.Test, "test samples"), (SampleSet.Validation, "validation samples"), (SampleSet.Train, "training samples")])
        {
            await page.Page.Locator("#classesControls label", new() { HasTextString = radio }).ClickAsync();
            var counts = Matrix(run.Folder, set, evaluations[^1].Version);
            Assert.Equal(
                counts.SelectMany(row => row),
                await page.Ask<double[]>("echarts.getInstanceByDom($('confusion')).getOption().series[0].data.map(cell => (cell.value ?? cell)[3])"));
            var recall = await page.Ask<double?[]>("echarts.getInstanceByDom($('classScores')).getOption().series.find(one => one.name === 'recall').data");
            var precision = await page.Ask<double?[]>(
                "echarts.getInstanceByDom($('classScores')).getOption().series.find(one => one.name === 'precision').data");
            for (var label = 0; label < 10; label++)
            {
                var (right, of, taken) = (counts[label][label], counts[label].Sum(), counts.Sum(row => row[label]));
                Assert.Equal(right / of, recall[label]!.Value, 1e-5);
                Assert.Equal(taken > 0 ? right / taken : double.NaN, precision[label] ?? double.NaN, 1e-5);
            }
        }

        Assert.True(await page.ColoursOf("confusion") >= 4 && await page.ColoursOf("classScores") >= 4, "A chart of the classes is not drawn.");
        Assert.Empty(page.Complaints);
        Assert.Empty(page.Requests);
        foreach (var (width, scheme) in ((int, ColorScheme)[])[
            (360, ColorScheme.Light), (360, ColorScheme.Dark), (1440, ColorScheme.Light), (1440, ColorScheme.Dark)])
        {
            await using var other = await browser.OpenAsync(run.Report, width, scheme);
            await other.PictureAsync($"classes-{width}-{scheme}");
            Assert.True(await other.Ask<bool>("document.documentElement.scrollWidth <= innerWidth"), "The page is wider than its window.");
        }

        async Task HasSeries(OpenPage shown, string chart, params (string Name, Func<EvaluationRecord, double> Of)[] lines)
        {
            foreach (var (name, of) in lines)
            {
                var points = await shown.SeriesOf(chart, name);
                Assert.Equal(evaluations.Select(e => Math.Round(of(e), 3)), points.Select(point => Math.Round(point!.Value, 3)));
            }
        }
    }

    [Fact]
    public async Task A_page_fits_every_window_and_is_accessible()
    {
        using var run = new MadeRun("asynchronous-with-a-long-name-that-has-no-place-to-break-a-line-in", 5, 20_000, hasClasses: true);
        RunReportTests.Report(run);
        await using var page = await browser.OpenAsync(Path.Combine(run.Folder, RunReport.FileName));

        // Classes and groups by the names that the data has for them.
        var names = await page.Ask<string[]>("echarts.getInstanceByDom($('partitionChart')).getOption().xAxis[0].data");
        Assert.Equal(MadeRun.ClassNames, names);
        Assert.Contains("86 groups. The 64 with the most samples are here; the 22 others are not.", await page.Page.TextContentAsync("#groupChartHonest"));
        Assert.Equal(
            64 * 7,
            await page.Ask<int>("echarts.getInstanceByDom($('groupChart')).getOption().series[0].data"
                + ".reduce((sum, cell) => sum + (cell.value ?? cell)[2], 0)"));
        Assert.Equal(0, await page.Ask<int>("document.images.length"));
        await page.FitsEveryWindowAsync("run");
    }

    [Fact]
    public async Task A_chart_with_the_focus_zooms_by_keys_and_prints_light()
    {
        using var run = new MadeRun("keys", 5, 5_000, waits: true);
        RunReportTests.Report(run);
        await using var page = await browser.OpenAsync(Path.Combine(run.Folder, RunReport.FileName), scheme: ColorScheme.Dark);

        await page.Page.FocusAsync("#loss");
        await page.Page.Keyboard.PressAsync("+");
        var zoomed = await page.Ask<double[]>(Zoom);
        await page.Page.Keyboard.PressAsync("ArrowRight");
        var moved = await page.Ask<double[]>(Zoom);
        await page.Page.Keyboard.PressAsync("0");
        Assert.Equal([25, 75], zoomed);
        Assert.Equal([37.5, 87.5], moved);
        var whole = await page.Ask<double[]>(Zoom);
        Assert.Equal([0, 100], whole);
        Assert.True(await page.ColoursOf("waits") >= 4, "Who waited for whom is not drawn.");

        // Numbers of what is drawn, and of nothing else.
        foreach (var (chart, head) in ((string, string)[])[
            ("stalenessByWorker", "updates, worker, staleness, mean"), ("gapByStaleness", "staleness, mean gap, pushes"),
            ("timeline", "worker, from, ms, to, ms, staleness, decision, had waited, ms, for worker"),
            ("norms", "time, s, updates, epochs, gradient, mean, min, max, update, mean, min, max, parameters"),
            ("loss", "time, s, updates, epochs, training loss, mean, min, max, test loss")])
        {
            await page.Page.Locator($"#{chart}Figure details > summary").ClickAsync();
            await page.UntilAsync($"document.querySelectorAll('#{chart}Figure tbody tr').length > 0");
            Assert.Equal(head, await page.Ask<string>($"[...document.querySelectorAll('#{chart}Figure th')].map(cell => cell.textContent).join(', ')"));
        }

        Assert.True(await page.Ask<bool>("echarts.getInstanceByDom($('norms')).getOption().series.find(one => one.name === 'update' && one.type === 'line').connectNulls"));

        // Printing makes the charts light and puts them back.
        await page.PictureAsync("run-waits");
        var printed = await page.Ask<string>("(dispatchEvent(new Event('beforeprint')), echarts.getInstanceByDom($('loss')).getOption().textStyle.color)");
        var after = await page.Ask<string>("(dispatchEvent(new Event('afterprint')), echarts.getInstanceByDom($('loss')).getOption().textStyle.color)");
        Assert.Equal(("#1a1d23", "#e8eaee"), (printed, after));
        Assert.NotEmpty(await page.Page.PdfAsync(new() { Format = "A4" }));
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task A_large_run_with_a_hostile_name_opens_at_once_and_runs_none_of_it()
    {
        using var run = new MadeRun("</title><script>alert(1)</script><img src=x onerror=alert(2)>", 100, 100_000);
        RunReportTests.Report(run);
        await using var page = await browser.OpenAsync(Path.Combine(run.Folder, RunReport.FileName));

        await page.PictureAsync("run-large");
        Assert.Equal("</title><script>alert(1)</script><img src=x onerror=alert(2)>", await page.Page.TextContentAsync("h1"));
        Assert.Equal(0, await page.Ask<int>("document.images.length"));
        Assert.Contains("Of 100,000 pushes", await page.Page.TextContentAsync("#timelineHonest"));
        Assert.Contains("bins of 256", await page.Page.TextContentAsync("#lossHonest"));
        Assert.Empty(page.Complaints);
        Assert.Empty(page.Requests);
    }

    [Fact]
    public async Task Findings_stand_on_the_page_with_their_controls_and_places()
    {
        using var run = new MadeRun("found", 3, 500);
        AnalyzedFinding[] findings =
        [
            Found("slow-worker", "worker 0", FindingGrade.Measured, holds: true),
            Found("<img src=x onerror=alert(1)>", "", FindingGrade.Warning, holds: true),
            Found("uneven", "", FindingGrade.Error, holds: false),
        ];
        RunReport.Write(run.Entry, [], findings);
        await using var page = await browser.OpenAsync(Path.Combine(run.Folder, RunReport.FileName));

        var shown = await page.Ask<string[]>("[...document.querySelectorAll('#findings li')].map(item => item.textContent)");
        Assert.StartsWith("warning <img src=x onerror=alert(1)>: It is so.", shown[0], StringComparison.Ordinal);
        Assert.StartsWith("measured slow-worker worker 0: It is so.", shown[1], StringComparison.Ordinal);
        Assert.StartsWith("inconclusive uneven", shown[2], StringComparison.Ordinal);
        Assert.Contains("Control: It is not so elsewhere. See found/0123456789ab-1/updates.csv:17.", shown[1], StringComparison.Ordinal);
        Assert.Equal(0, await page.Ask<int>("document.images.length"));

        // On paper too.
        await page.Page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.True(await page.Page.Locator("#findings .hint").First.IsVisibleAsync());
        Assert.False(await page.Page.Locator("[data-axis] .hint").IsVisibleAsync());
        await page.Page.EmulateMediaAsync(new() { Media = Media.Screen });
        await page.PictureAsync("run-findings");
        var axe = await page.Page.RunAxe();
        Assert.Empty(axe.Violations.Select(v => $"{v.Id}: {v.Help} ({string.Join("; ", v.Nodes.Take(3).Select(node => node.Html))})"));
        Assert.Empty(page.Complaints);
    }

    private static AnalyzedFinding Found(string name, string subject, FindingGrade grade, bool holds) => new("test", AnalyzerScope.EachRun, new Finding
    {
        Name = name,
        Subject = subject,
        Grade = grade,
        Number = 3,
        Sentence = "It is so.",
        Place = new FindingPlace("found/0123456789ab-1", "updates.csv", 17),
        Control = new FindingControl("It is not so elsewhere.", 0, holds),
        Details = [new("ratio", 2.5)],
    });

    private static double[][] Matrix(string folder, SampleSet set, long version)
    {
        using var rows = RunRows.Confusions(folder)!;
        return [.. rows.ReadAll().Where(row => row.Set == set && row.Version == version).Select(row => row.Predicted.Select(count => (double)count).ToArray())];
    }

    private const string Zoom = "(zoom => [zoom.start, zoom.end])(echarts.getInstanceByDom($('loss')).getOption().dataZoom[0])";

    private static async Task<string?> Text(OpenPage page, string id) => await page.Page.TextContentAsync("#" + id);
}
