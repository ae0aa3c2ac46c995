using System.Globalization;
using System.Xml.Linq;
using Orchestrator.Statistics;
using Orchestrator.Statistics.Tables;

namespace Orchestrator.Reports.Tests;

/// <summary>Figures for a paper.</summary>
public sealed class FigureTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void A_runs_figures_are_SVG_with_captions_that_say_what_is_shown()
    {
        using var run = new MadeRun("figures", 4, 3_000);
        using var folder = new TemporaryFigures();

        RunReport.Write(run.Entry, [], [], folder.Figures);

        Assert.Equal(["accuracy", "gap", "loss", "staleness"], folder.Names.Select(name => name.Split('-')[^1]).Order());
        var captions = File.ReadAllText(Path.Combine(folder.Path, "captions.md"));
        foreach (var name in folder.Names)
        {
            var svg = XDocument.Load(Path.Combine(folder.Path, name + ".svg")).Root!;
            Assert.Contains($"**{name}.svg** {svg.Element(Svg + "desc")!.Value}", captions);
            Assert.DoesNotContain(
                svg.DescendantsAndSelf(),
                element => element.Name.LocalName is "style" or "script" or "image" || element.Attributes().Any(a => a.Name.LocalName == "href"));
        }

        // Captions of another run's figures stay, as long as there are those.
        using var second = new MadeRun("second", 2, 300);
        RunReport.Write(second.Entry, [], [], new FigureFolder(folder.Path));
        var both = File.ReadAllText(Path.Combine(folder.Path, "captions.md"));
        Assert.StartsWith(captions, both, StringComparison.Ordinal);
        Assert.Equal(8, both.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Directory.GetFiles(folder.Path, "second*").ToList().ForEach(File.Delete);
        RunReport.Write(run.Entry, [], [], new FigureFolder(folder.Path));
        Assert.Equal(captions, File.ReadAllText(Path.Combine(folder.Path, "captions.md")));

        // A bar for each staleness, as high as its count.
        var counts = run.Pushes.CountBy(push => push.Staleness).ToDictionary();
        var bars = XDocument.Load(Path.Combine(folder.Path, folder.Names.Single(name => name.EndsWith("staleness", StringComparison.Ordinal)) + ".svg"))
            .Descendants(Svg + "rect").Skip(1)
            .Select(bar => double.Parse(bar.Attribute("height")!.Value, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(counts.Keys.Max() + 1, bars.Count);
        Assert.Equal(counts[3] / (double)counts[2], bars[3] / bars[2], 0.05 * counts[3] / counts[2]);
    }

    [Fact]
    public void A_run_without_pushes_has_figures_too()
    {
        using var run = new MadeRun("none", 2, 0);
        using var folder = new TemporaryFigures();

        RunReport.Write(run.Entry, [], [], folder.Figures);

        Assert.DoesNotContain(folder.Names, name => name.EndsWith("staleness", StringComparison.Ordinal));
        Assert.NotEmpty(folder.Names);
    }

    [Fact]
    public void Staleness_beyond_the_bars_lies_where_its_axis_says()
    {
        using var run = new MadeRun("stale", 300, 3_000);
        using var folder = new TemporaryFigures();

        RunReport.Write(run.Entry, [], [], folder.Figures);

        var svg = XDocument.Load(Path.Combine(folder.Path, folder.Names.Single(name => name.EndsWith("staleness", StringComparison.Ordinal)) + ".svg")).Root!;
        var most = run.Pushes.Max(push => push.Staleness);
        var ticks = svg.Elements(Svg + "text").Where(text => double.TryParse(text.Value, CultureInfo.InvariantCulture, out _) && text.Attribute("text-anchor")?.Value == "middle")
            .Select(text => double.Parse(text.Value, CultureInfo.InvariantCulture)).ToList();
        Assert.True(most >= 300);
        Assert.InRange(ticks.Max(), 0.6 * most, most);
    }

    [Theory]
    [InlineData(100, 100)]
    [InlineData(99.999, 100)]
    [InlineData(0, 0)]
    public void Accuracies_at_their_limit_have_an_axis(double low, double high)
    {
        var text = PlotFigure.Draw(new Plot
        {
            Name = "accuracy",
            Caption = "Accuracy.",
            XName = "epochs",
            YName = "accuracy, %",
            Limit = 100,
            Lines = [new PlotLine("test", [new(287.5, low), new(287.5, high)])],
        }).ToString();

        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
        Assert.Contains(">287.5<", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_of_0_is_the_lowest_place_of_a_landscape()
    {
        var scale = new LandscapeScale(new()
        {
            Id = "",
            Terms = new(2, 2, true, 1, 1),
            X = [0, 1],
            Y = [0, 1],
            Loss = [0, 0.1, 10, double.NaN],
            Accuracy = [0, 0, 0, 0],
            Explained = null,
            Trajectories = [],
            TestSamples = 1,
            RecalibrationBatches = 0,
        });

        Assert.Equal([0, 0, 1, 1], scale.Heights);
    }

    [Fact]
    public void A_curve_of_one_evaluation_is_a_mark()
    {
        var text = PlotFigure.Draw(new Plot
        {
            Name = "curves",
            Caption = "Curves.",
            XName = "epoch",
            YName = "accuracy, %",
            Lines = [new PlotLine("one", [new(0, 10, 10, 10)]), new PlotLine("broken", [new(0, 20, 20, 20), new(1, double.NaN, 0, 0), new(2, 30, 30, 30), new(3, 40, 40, 40)])],
        }).ToString();

        // And one each in the legend; two points have two.
        var svg = XDocument.Parse(text).Root!;
        Assert.Single(svg.Descendants(Svg + "polyline"));
        Assert.Equal(2, svg.Descendants(Svg + "circle").Count());
        Assert.Equal(4, svg.Descendants(Svg + "path").Count(path => path.Attribute("fill")?.Value != "none"));
    }

    [Theory]
    [InlineData(false, 40)]
    [InlineData(true, 120)]
    public void No_two_lines_look_alike(bool hasCategories, int lines)
    {
        var svg = XDocument.Parse(PlotFigure.Draw(new Plot
        {
            Name = "lines",
            Caption = "Lines.",
            XName = "x",
            YName = "y",
            Categories = hasCategories ? ["a", "b"] : null,
            Lines = [.. Enumerable.Range(0, lines).Select(n => new PlotLine($"{n}", [new(0, n), new(1, n + 1)], HasBand: false))],
        }).ToString()).Root!;

        // In the legend: a stroke, and the mark upon it.
        var strokes = svg.Elements(Svg + "path").Where(path => path.Attribute("fill")!.Value == "none").ToList();
        var looks = strokes.ConvertAll(stroke => (stroke.Attribute("stroke")!.Value, stroke.Attribute("stroke-dasharray")!.Value, Shape((XElement)stroke.NextNode!)));
        Assert.Equal(lines, looks.Distinct().Count());

        static string Shape(XElement mark) => mark.Name.LocalName + string.Join(' ', (mark.Attribute("d")?.Value ?? "").Split(' ').Skip(2));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void What_somebody_wrote_into_the_captions_stays(string lineEnd)
    {
        using var run = new MadeRun("own", 2, 300);
        using var folder = new TemporaryFigures();
        RunReport.Write(run.Entry, [], [], folder.Figures);
        var file = Path.Combine(folder.Path, "captions.md");
        var captions = File.ReadAllText(file);
        var own = "# Figures\n\n**Note** mine,\nof two lines.\n\n" + captions + "The end.\n\n";
        File.WriteAllText(file, own.ReplaceLineEndings(lineEnd));

        RunReport.Write(run.Entry, [], [], new FigureFolder(folder.Path));

        Assert.Equal(own, File.ReadAllText(file));
    }

    [Fact]
    public void A_cell_without_convergence_is_named_and_has_no_point()
    {
        var text = PlotFigure.Draw(new Plot
        {
            Name = "means",
            Caption = "<caption> & more",
            XName = "workers",
            YName = "accuracy, %",
            Categories = ["1", "16"],
            Limit = 100,
            Lines =
            [
                new PlotLine("<script>\u202E", [new(0, 98, 97, 99), new(1, double.NaN, Note: "NC 5/5")], HasBand: false),
                new PlotLine("other", [new(0, 98, 97, 99), new(1, 60, 50, 70, "NC 1/5")], HasBand: false),
            ],
        });

        var svg = XDocument.Parse(text.ToString()).Root!;
        Assert.Equal("<caption> & more", svg.Element(Svg + "desc")!.Value);
        var texts = svg.Elements(Svg + "text").Select(element => element.Value).ToList();
        Assert.Contains(@"<script>\u202e", texts);
        Assert.Contains("NC 5/5", texts);
        Assert.Contains("NC 1/5", texts);

        // One point of the first, and its mark in the legend.
        Assert.Equal(2, svg.Elements(Svg + "circle").Count());
    }

    [Fact]
    public void A_heat_map_has_a_cell_for_each_pair_and_says_where_there_is_no_mean()
    {
        var metric = new TableMetric("testLoss", "test loss", "", "", HigherIsBetter: false);
        string[] rates = ["0.01", "0.1", "1"];
        string[] momenta = ["-0.5", "0", "<b>"];
        List<TableRow> cells = [.. rates.SelectMany((rate, i) => momenta.Select((momentum, j) => new TableRow([rate, momentum], Summary(i, j))))];
        var table = new CellTable { Axes = ["rate", "momentum"], Rows = cells, Metric = metric };
        Assert.False(HeatMapFigure.Serves([.. cells.Where(cell => cell.Values[0] != "1")], 0, 1));
        Assert.True(HeatMapFigure.Serves(cells, 0, 1));

        var svg = XDocument.Parse(HeatMapFigure.Draw(table, 0, 1, cells, HeatMapFigure.Caption(table, cells, "")).ToString()).Root!;

        // The loss is 1000 times as large from row to row; the last cell has none.
        Assert.Contains("Colours are those of the logarithm.", svg.Element(Svg + "desc")!.Value, StringComparison.Ordinal);
        var fields = svg.Elements(Svg + "rect").Where(rect => rect.Element(Svg + "title") is not null).ToDictionary(rect => rect.Element(Svg + "title")!.Value, rect => rect.Attribute("fill")!.Value);
        Assert.Equal(9, fields.Count);
        Assert.Equal("#fdf0b5", fields["rate 0.01, momentum -0.5: 0.001, NC 0/2"]);
        Assert.Equal(LandscapeScale.Colour(0.5), fields["rate 0.1, momentum -0.5: 1, NC 0/2"]);
        Assert.Equal("#00224e", fields["rate 1, momentum 0: 1000, NC 1/2"]);
        Assert.Equal("#d5d9e0", fields["rate 1, momentum <b>: no mean, NC 2/2"]);
        Assert.Single(svg.Elements(Svg + "text"), text => text.Value == "NC");

        static CellSummary Summary(int i, int j)
        {
            var missing = (i, j) switch { (2, 2) => 2, (2, 1) => 1, _ => 0 };
            return CellSummary.Of([.. Enumerable.Repeat(Math.Pow(1000, i - 1), 2 - missing)], missing);
        }
    }

    [Theory]
    [InlineData(0, 6, 7)]
    [InlineData(10.3, 98.9, 6)]
    [InlineData(0, 0.0051, 7)]
    [InlineData(-3, 3, 7)]
    [InlineData(5, 5, 6)]
    public void Ticks_are_round_and_span_the_values(double low, double high, int most)
    {
        var ticks = Ticks.Of(low, high);

        Assert.InRange(ticks.Count, 2, most);
        Assert.True(ticks[0] <= low + 1e-12 && ticks[^1] >= high - 1e-12);
        Assert.All(ticks.Zip(ticks.Skip(1)), pair => Assert.Equal(ticks[1] - ticks[0], pair.Second - pair.First, 1e-9));
    }

    private sealed class TemporaryFigures : IDisposable
    {
        public TemporaryFigures() => Figures = new FigureFolder(Path);

        public string Path { get; } = Directory.CreateTempSubdirectory("orchestrator-figures-").FullName;

        public FigureFolder Figures { get; }

        public List<string> Names => [.. Directory.GetFiles(Path, "*.svg").Select(file => System.IO.Path.GetFileNameWithoutExtension(file)!)];

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
