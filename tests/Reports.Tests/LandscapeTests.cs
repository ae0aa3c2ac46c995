using System.Diagnostics;
using System.Text.Json;

namespace Orchestrator.Reports.Tests;

/// <summary><c>landscape</c> as a process, and its page in a real browser.</summary>
public sealed class LandscapeTests(Browser browser)
{
    private const string Small = """
        {
          "name": "land",
          "dataset": { "type": "glyphs", "train": 300, "test": 100 },
          "model": "softmax-regression",
          "optimizer": { "type": "sgd", "learningRate": 0.02, "momentum": 0.9 },
          "workers": { "count": 2, "batchSize": 16, "compute": { "type": "constant", "ms": 10 } },
          "stop": { "updates": 60 },
          "snapshots": { "everyUpdates": 10 },
        }
        """;

    [Fact]
    public async Task The_plane_of_a_run_is_drawn_and_its_numbers_are_the_runs()
    {
        using var run = new ShortRun(Small, "--no-report");
        var drawn = Landscape(run, 0, run.Folder, "--grid", "8x6");

        Assert.Equal((8, 6, 48), (Length(drawn, "x"), Length(drawn, "y"), Length(drawn, "loss")));
        var shares = drawn.GetProperty("explained").EnumerateArray().Select(share => share.GetDouble()).ToList();
        Assert.InRange(shares.Sum(), 0.5, 1.0000001);
        Assert.True(shares[0] >= shares[1]);
        var points = drawn.GetProperty("trajectories")[0].GetProperty("points").EnumerateArray().ToList();
        Assert.Equal([0, 10, 20, 30, 40, 50, 60], points.Select(point => point.GetProperty("version").GetInt64()));
        Assert.Equal(run.Result.GetProperty("testLoss").GetDouble(), points[^1].GetProperty("loss").GetDouble());

        await using var page = await browser.OpenAsync(drawn.GetProperty("page").GetString()!);
        Assert.Equal("35", await page.Ask<string>("document.body.dataset.drawn"));
        Assert.True(await page.ColoursOf("surface") >= 8, "the surface is not drawn");
        Assert.True(await page.Ask<int>("document.querySelectorAll('#contour svg rect').length") >= 48);
        var before = await page.Ask<string>("$('canvas').toDataURL()");
        await page.Page.FocusAsync("#surface");
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        Assert.NotEqual(before, await page.Ask<string>("$('canvas').toDataURL()"));
        Assert.Empty(page.Complaints);
        Assert.Empty(page.Requests);
    }

    [Fact]
    public async Task The_page_says_what_differs_between_runs_fits_every_window_and_is_accessible()
    {
        const string Two = "\"sweep\": { \"axes\": { \"optimizer.momentum\": [0, 0.9] } }, \"stop\"";
        using var run = new ShortRun(Small.Replace("\"stop\"", Two, StringComparison.Ordinal), "--no-report");
        var drawn = Landscape(run, 0, "land", "--grid", "5x5");
        await using var page = await browser.OpenAsync(drawn.GetProperty("page").GetString()!);
        var settings = drawn.GetProperty("trajectories").EnumerateArray().Select(way => way.GetProperty("settings"));
        Assert.Equal(["0", "0.9"], settings.Select(one => one.GetProperty("optimizer.momentum").GetString()).Order());
        var figure = await page.Ask<string>("$('contour').textContent");
        Assert.Contains("optimizer.momentum=0.9", figure, StringComparison.Ordinal);
        var legend = await page.Ask<string[]>("[...document.querySelectorAll('.legend li')].map(item => item.textContent)");
        Assert.Equal(2, legend.Count(item => item.Contains("optimizer.momentum=0", StringComparison.Ordinal)));
        await page.FitsEveryWindowAsync("landscape");
    }

    [Fact]
    public void What_was_computed_is_kept_and_gone_on_with_to_the_same_bytes()
    {
        using var run = new ShortRun(Small, "--no-report");
        var folder = Landscape(run, 0, run.Folder, "--grid", "6x6", "--threads", "3").GetProperty("folder").GetString()!;
        var whole = Contents(folder);

        // A process that was killed in the middle of a line.
        var points = Path.Combine(folder, "points.csv");
        var text = File.ReadAllText(points);
        File.WriteAllText(points, text[..(text.Length / 2)]);
        var forecast = Landscape(run, 0, run.Folder, "--grid", "6x6", "--dry-run");
        Assert.Equal(6 * 6 + 7, forecast.GetProperty("places").GetInt32());
        Assert.InRange(forecast.GetProperty("done").GetInt32(), 10, 30);
        Landscape(run, 0, run.Folder, "--grid", "6x6", "--threads", "1");

        Assert.Equal(whole, Contents(folder));
    }

    [Fact]
    public void Random_directions_need_no_snapshots_and_a_run_without_them_spans_no_plane()
    {
        using var run = new ShortRun(Small.Replace("\"snapshots\": { \"everyUpdates\": 10 },", "", StringComparison.Ordinal), "--no-report");
        var drawn = Landscape(run, 0, run.Folder, "--directions", "random", "--grid", "3x3");

        // The middle is the run's end.
        Assert.Equal(run.Result.GetProperty("testLoss").GetDouble(), drawn.GetProperty("loss")[4].GetDouble());
        Assert.Equal(JsonValueKind.Null, drawn.GetProperty("explained").ValueKind);
        Landscape(run, 64, run.Folder);
    }

    private static JsonElement Landscape(ShortRun run, int expected, params string[] arguments)
    {
        var output = Path.GetDirectoryName(Path.GetDirectoryName(run.Folder))!;
        var start = new ProcessStartInfo(ShortRun.Program, ["landscape", .. arguments, "--json", "--output", output])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == expected, error.Result);
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    private static int Length(JsonElement document, string name) => document.GetProperty(name).GetArrayLength();

    private static Dictionary<string, string> Contents(string folder) => Directory.GetFiles(folder).ToDictionary(file => file, File.ReadAllText);
}
