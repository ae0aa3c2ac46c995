using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Orchestrator.Abstractions;
using Orchestrator.Sweeps;

namespace Orchestrator.Reports.Tests;

/// <summary>What stands in a report's file.</summary>
public sealed partial class RunReportTests
{
    private const string Hostile = "</title></script><script>alert(1)</script>\u202Egnp.<img src=x onerror=alert(2)>";

    [Fact]
    public void A_report_of_100000_updates_is_small_and_its_page_below_1_MB_beside_them()
    {
        using var run = new MadeRun("large", 16, 100_000);

        var text = Report(run);
        var data = Data(text);

        Assert.InRange(Encoding.UTF8.GetByteCount(data), 1, 400_000);
        Assert.InRange(Encoding.UTF8.GetByteCount(text) - Encoding.UTF8.GetByteCount(data), 1, 1_000_000);
    }

    [Fact]
    public void Bins_hold_every_push_and_every_extreme()
    {
        using var run = new MadeRun("large", 16, 100_000);

        using var json = JsonDocument.Parse(Data(Report(run)));
        var pushes = json.RootElement.GetProperty("pushes");
        var gap = pushes.GetProperty("gap");

        Assert.Equal(100_000, pushes.GetProperty("count").GetInt64());
        Assert.Equal(256, pushes.GetProperty("perBin").GetInt64());
        Assert.Equal(777, gap.GetProperty("max").EnumerateArray().Max(value => value.GetDouble()));
        var first = run.Pushes.Take(256).Select(push => push.GapRms).ToList();
        Assert.Equal(first.Average(), gap.GetProperty("mean")[0].GetDouble(), 1e-8);
        Assert.Equal(first.Min(), gap.GetProperty("min")[0].GetDouble(), 1e-8);
        Assert.Equal(100_000, json.RootElement.GetProperty("staleness").GetProperty("counts").EnumerateArray().Sum(count => count.GetInt64()));
        Assert.Equal(run.Pushes.Where(push => push.Worker == 0).LongCount(), json.RootElement.GetProperty("workers").GetProperty("applied")[0].GetInt64());
    }

    [Fact]
    public void Waits_are_counted_for_the_worker_whose_arrival_ended_them()
    {
        using var run = new MadeRun("rounds", 3, 300, waits: true);

        using var json = JsonDocument.Parse(Data(Report(run)));
        var seconds = json.RootElement.GetProperty("waits").GetProperty("seconds").EnumerateArray()
            .ToDictionary(cell => (Of: cell[0].GetInt32(), For: cell[1].GetInt32()), cell => cell[2].GetDouble());

        // Round r ends with worker 2 - r mod 3, which the others wait 1 and 2 ms for; the last
        // round of the hundred is followed by no pull: it is worker 2's.
        Assert.Equal(6, seconds.Count);
        Assert.Equal(0.033 * 2, seconds[(0, 2)], 1e-9);
        Assert.Equal(0.033, seconds[(1, 2)], 1e-9);
        Assert.Equal(0.033 * 2, seconds[(2, 1)], 1e-9);
        Assert.Equal(0.033, seconds[(2, 0)], 1e-9);
    }

    [Fact]
    public void Names_and_messages_of_others_are_inert()
    {
        using var run = new MadeRun(Hostile, 2, 50, message: Hostile);

        var text = Report(run);

        Assert.DoesNotContain("<script>alert", text);
        Assert.DoesNotContain("<img", text);
        Assert.DoesNotContain('\u202E', text);
        Assert.Contains(@"\u202egnp.", text);
    }

    [Fact]
    public void Two_slow_workers_are_two_findings_of_a_run_and_one_with_their_number_of_a_sweep()
    {
        AnalyzedFinding[] findings =
        [
            Found(AnalyzerScope.AllRuns, FindingGrade.Measured, "factor", "workers.count", "s/1-1"),
            .. from run in new[] { "s/1-1", "s/2-1" } from worker in new[] { 0, 3 } select Found(AnalyzerScope.EachRun, FindingGrade.Warning, "slow-worker", $"worker {worker}", run),
            Found(AnalyzerScope.EachRun, FindingGrade.Error, "divergence", "", "s/2-1"),
        ];

        Assert.Equal(
            ["error divergence: So.", "warning slow-worker worker 0 and 1 more, in 2 runs, first: So.", "measured factor workers.count: So."],
            Items(Findings.Section(findings, "s", isOfRun: false)));
        Assert.Equal(
            ["warning slow-worker worker 0: So.", "warning slow-worker worker 3: So."],
            Items(Findings.Section([.. findings.Where(found => found.Finding.Name == "slow-worker" && found.Finding.Place.Run == "s/1-1")], "s", isOfRun: true)));

        static IEnumerable<string> Items(Html section) => Item().Matches(section.ToString()).Select(item => Markup().Replace(item.Groups[1].Value, ""));
        static AnalyzedFinding Found(AnalyzerScope scope, FindingGrade grade, string name, string subject, string run) => new("test", scope, new Finding
        {
            Name = name,
            Subject = subject,
            Grade = grade,
            Number = 1,
            Sentence = "So.",
            Place = new FindingPlace(run, "updates.csv", 2),
            Control = new FindingControl("Not so.", 0, true),
        });
    }

    [Fact]
    public void The_policy_allows_nothing_but_what_the_page_carries()
    {
        using var run = new MadeRun("policy", 2, 50);

        var text = Report(run);

        Assert.Matches(
            @"content=""default-src 'none'; script-src 'sha256-[^']+' 'sha256-[^']+'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'""", text);
        Assert.DoesNotContain(" style=", text);
        Assert.DoesNotContain("http://", text);
        Assert.DoesNotContain("https://", text);
    }

    [Fact]
    public void Two_reports_of_one_folder_are_equal_to_the_byte()
    {
        using var run = new MadeRun("twice", 4, 500);

        Assert.Equal(Report(run), Report(run));
    }

    [Fact]
    public void A_run_without_any_push_has_a_report()
    {
        using var run = new MadeRun("nothing", 4, 0);

        Assert.Contains("nothing", Report(run));
    }

    [Theory]
    [InlineData(64, 1, 64)]
    [InlineData(65, 2, 33)]
    [InlineData(10_000, 157, 64)]
    [InlineData(int.MaxValue, 33_554_432, 64)]
    public void Many_workers_are_groups_of_equally_many(int workers, int size, int count)
    {
        var groups = new WorkerGroups(workers);

        Assert.Equal((size, count), (groups.Size, groups.Count));
        Assert.Equal(count - 1, groups.Of(workers - 1));
    }

    internal static string Report(MadeRun run)
    {
        var problems = new List<string>();
        var text = File.ReadAllText(RunReport.Write(run.Entry, problems, []));
        Assert.All(problems, problem => Assert.Contains("partitions.csv", problem));
        return text;
    }

    private static string Data(string page) => DataBlock().Match(page).Groups[1].Value;

    [GeneratedRegex("""<script type="application/json" id="data">(.*?)</script>""", RegexOptions.Singleline)]
    private static partial Regex DataBlock();

    [GeneratedRegex("<li>(.*?)<p", RegexOptions.Singleline)]
    private static partial Regex Item();

    [GeneratedRegex("<.*?>")]
    private static partial Regex Markup();
}
