using System.Globalization;
using System.Text.Json;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Orchestrator.Reports.Tests;

/// <summary>A sweep's page in a real browser.</summary>
public sealed class SweepPageTests(Browser browser)
{
    // The second rule diverges at once, so that there is a cell without convergence; its name would
    // run if anything took names for markup.
    internal const string Pipeline = """
        {
          "name": "survives",
          "seed": 1,
          "dataset": { "type": "glyphs", "train": 640, "test": 200 },
          "model": { "type": "lenet5" },
          "partitioner": { "type": "split-dataset" },
          "optimizer": { "type": "sgd", "learningRate": 0.05, "momentum": 0.5 },
          "consistency": { "type": "asynchronous" },
          "clock": "virtual",
          "workers": { "count": 2, "batchSize": 32, "compute": { "type": "gamma", "meanMs": 10, "coefficientOfVariation": 0.1 } },
          "stop": { "epochs": 6 },
          "evaluation": { "everyEpochs": 1 },
          "sweep": {
            "axes": {
              "rule": { "variants": { "plain": {}, "<img src=x onerror=alert(1)>": { "optimizer.learningRate": 1000 } } },
              "workers.count": [1, 2]
            },
            "seeds": 3,
            "compare": { "baseline": "plain", "delta": 1 }
          }
        }
        """;

    [Fact]
    public async Task A_sweep_ends_with_a_report_of_its_table_its_verdicts_and_its_curves()
    {
        using var sweep = new ShortRun(Pipeline, "--jobs", "2");
        await using var page = await browser.OpenAsync(sweep.Report);
        await page.PictureAsync("sweep-1440-Light");

        foreach (var chart in new[] { "means", "field", "nc", "curves", "gap", "staleness" })
        {
            Assert.True(await page.ColoursOf(chart) >= 4, $"{chart} is not drawn");
        }

        // The chart's points and the page's table are those of table.json.
        using var table = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(sweep.Folder, "table.json"), TestContext.Current.CancellationToken));
        var plain = table.RootElement.GetProperty("cells").EnumerateArray().Where(cell => cell.GetProperty("values").GetProperty("rule").GetString() == "plain")
            .ToList();
        var means = plain.ConvertAll(cell => cell.GetProperty("mean").ValueKind == JsonValueKind.Null ? (double?)null : cell.GetProperty("mean").GetDouble());
        Assert.Equal(means, await page.SeriesOf("means", "plain"));
        Assert.Contains(means.OfType<double>(), mean => mean > 0);
        Assert.Contains(means[0]!.Value.ToString("F2", CultureInfo.InvariantCulture), await page.Page.TextContentAsync("#table"));
        Assert.Equal("6", await page.Page.TextContentAsync("#noConvergence"));
        Assert.Contains("No run converged at all", await page.Page.TextContentAsync("#meansHonest"));

        // One worker's pushes are never stale, and nothing has moved before them; of two each has the other's one before it.
        Assert.Equal(0, await page.Ask<double>("Math.max(...data.staleness[0].mean, ...data.gap[0].mean)"));
        Assert.InRange(await page.Ask<double>("data.staleness[1].mean.reduce((sum, one) => sum + one, 0) / data.staleness[1].mean.length"), 0.8, 1);
        Assert.True(await page.Ask<bool>("data.gap[1].mean.slice(1).every(gap => gap > 0)"));

        Assert.Equal("survives", await page.Page.TextContentAsync("h1"));
        Assert.Equal(0, await page.Ask<int>("document.images.length"));
        Assert.Empty(page.Complaints);
        Assert.Empty(page.Requests);

        // What is chosen changes what is drawn, and averages over nothing.
        await page.Page.SelectOptionAsync("#curvesControls select", "-1");
        Assert.Equal(2, await page.Ask<int>("document.querySelectorAll('#curvesControls .controls select').length"));

        await using var narrow = await browser.OpenAsync(sweep.Report, 360, ColorScheme.Dark);
        await narrow.PictureAsync("sweep-360-Dark");
        Assert.True(await narrow.Ask<bool>("document.documentElement.scrollWidth <= innerWidth"), "The page is wider than its window.");
        var found = await narrow.Page.RunAxe();
        Assert.Empty(found.Violations.Select(v => $"{v.Id}: {v.Help} ({string.Join("; ", v.Nodes.Take(3).Select(node => node.Html))})"));
        Assert.Empty(narrow.Complaints);
    }

    [Fact]
    public async Task Many_lines_stay_in_their_categories_and_many_comparisons_in_their_window()
    {
        using var sweep = new ShortRun(Pipeline.Replace("\"seeds\": 3", "\"seeds\": 2", StringComparison.Ordinal), "--jobs", "2", "--set", "stop.epochs=1");
        await using var page = await browser.OpenAsync(sweep.Report);

        // The page with other numbers: losses over six decades, some of which did not converge.
        await page.Ask<object?>("""
            (() => {
              const pairs = Array.from({ length: 20 }, (_, rule) => Array.from({ length: 8 }, (_, count) => [rule, count])).flat();
              const cell = (rule, count) => ({
                values: { rule: `rule ${rule}`, 'workers.count': `${1 + count}` }, mean: 10 ** (rule % 6 - 3) * (1 + count / 10), sd: 1, median: 1, n: 4, missing: 0,
                interval95: { low: -1, high: 10 ** (rule % 6 - 3) * 2 }, noConvergence: { count: rule % 2, of: 5, share: rule % 2 / 5, interval95: { low: 0, high: 1 } },
              });
              data = { ...data, unit: '', heading: 'test loss', curves: pairs.map(() => data.curves[0]), table: { ...data.table, cells: pairs.map(pair => cell(...pair)) } };
              data.comparisons = { ...data.comparisons, comparisons: Array.from({ length: 60 }, (_, i) => ({ ...data.comparisons.comparisons[0], a: `rule ${i}`, difference: 1, interval95: { low: 0, high: 2 } })) };
              drawAll();
            })()
            """);
        await page.PictureAsync("sweep-many-Light");

        var offsets = await page.Ask<double[]>("echarts.getInstanceByDom($('means')).getOption().series.filter(one => one.type === 'line').map(one => Math.abs(one.symbolOffset[0]))");
        var half = await page.Ask<double>("$('means').clientWidth / echarts.getInstanceByDom($('means')).getOption().xAxis[0].data.length / 2");
        Assert.True(offsets.Length >= 8);
        Assert.All(offsets, offset => Assert.InRange(offset, 0, half));
        var axis = await page.Ask<string[]>("['means', 'curves'].map(id => echarts.getInstanceByDom($(id)).getOption().yAxis[0]).map(axis => `${axis.type} ${axis.name}`)");
        Assert.StartsWith("log test loss (logarithmic)", axis[0], StringComparison.Ordinal);
        Assert.Contains("NC a/b", await page.Page.TextContentAsync("#meansHonest"));
        Assert.Contains("NC a/b", await page.Page.TextContentAsync("#fieldHonest") + await page.Page.TextContentAsync("#meansHonest"));
        Assert.InRange(await page.Ask<double>("$('differences').clientHeight"), 100, 800);
        Assert.Empty(page.Complaints);

        await page.Page.SetViewportSizeAsync(500, 900);
        await page.UntilAsync("Math.abs(echarts.getInstanceByDom($('means')).getOption().series[0].symbolOffset[0]) <= $('means').clientWidth / 16");
    }
}
