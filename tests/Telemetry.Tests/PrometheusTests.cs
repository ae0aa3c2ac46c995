using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orchestrator.Telemetry.Tests;

/// <summary>A real Prometheus beside a run: Debian's package <c>prometheus</c>.</summary>
public sealed partial class PrometheusTests
{
    private const string Reason = "skipped: prometheus and promtool are not installed";
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);
    private static readonly string Files = Path.Combine(ObservedProgram.RepositoryRoot, "docs", "watch");

    /// <summary>Real training without an end.</summary>
    private static readonly string Endless = ObservedProgram.Pipeline.Replace("\"updates\": 400", "\"updates\": 100000000");

    [Fact]
    public void TheRules_PassPromtool()
    {
        Assert.SkipUnless(IsInstalled, Reason);
        foreach (var (check, file) in new[] { ("rules", "prometheus-rules.yml"), ("config", "prometheus.yml") })
        {
            using var tool = Process.Start(
                new ProcessStartInfo("promtool", ["check", check, Path.Combine(Files, file)]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var said = tool.StandardOutput.ReadToEnd() + tool.StandardError.ReadToEnd();
            tool.WaitForExit();
            Assert.True(tool.ExitCode == 0, said);
        }
    }

    [Fact]
    public void TheAlerts_FireForWhatTheySay_AndForNothingElse()
    {
        Assert.SkipUnless(IsInstalled, Reason);
        using var program = new ObservedProgram();
        var file = Path.Combine(program.Folder, "alerts.yml");
        File.WriteAllText(file, $$"""
            rule_files: ["{{Path.Combine(Files, "prometheus-rules.yml")}}"]
            evaluation_interval: 10s
            tests:
              - interval: 10s
                input_series:
                  - { series: 'orchestrator_throughput_per_second{orchestrator_run_id="stalled"}', values: '0x30' }
                  - { series: 'orchestrator_workers{orchestrator_run_id="stalled"}', values: '4x30' }
                  - { series: 'orchestrator_throughput_per_second{orchestrator_run_id="ended"}', values: '0x30' }
                  - { series: 'orchestrator_workers{orchestrator_run_id="ended"}', values: '0x30' }
                  - { series: 'orchestrator_workers{orchestrator_run_id="stale"}', values: '1000x30' }
                  - { series: 'orchestrator_push_staleness_bucket{orchestrator_run_id="stale",le="4096"}', values: '0+10x30' }
                  - { series: 'orchestrator_push_staleness_bucket{orchestrator_run_id="stale",le="+Inf"}', values: '0+1000x30' }
                  - { series: 'orchestrator_push_loss_sum{orchestrator_run_id="exploding"}', values: '0+5000x30' }
                  - { series: 'orchestrator_push_loss_count{orchestrator_run_id="exploding"}', values: '0+10x30' }
                  - { series: 'orchestrator_push_loss_sum{orchestrator_run_id="trains"}', values: '0+20x30' }
                  - { series: 'orchestrator_push_loss_count{orchestrator_run_id="trains"}', values: '0+10x30' }
                alert_rule_test:
                  - eval_time: 4m
                    alertname: OrchestratorStalled
                    exp_alerts: [{ exp_labels: { severity: warning, orchestrator_run_id: stalled }, exp_annotations: { summary: "Run stalled makes no updates." } }]
                  - eval_time: 4m
                    alertname: OrchestratorVeryStale
                    exp_alerts: [{ exp_labels: { severity: info, orchestrator_run_id: stale }, exp_annotations: { summary: "One push in a hundred of run stale is staler than 20 times the number of workers, or than 4000 updates, which is as far as the buckets tell." } }]
                  - eval_time: 4m
                    alertname: OrchestratorLossExplodes
                    exp_alerts: [{ exp_labels: { severity: warning, orchestrator_run_id: exploding }, exp_annotations: { summary: "The mean training loss of run exploding is above 100; cross-entropy begins near ln(classes). The run ends by itself where a loss is not finite." } }]

            """);
        using var tool = Process.Start(new ProcessStartInfo("promtool", ["test", "rules", file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = tool.StandardOutput.ReadToEnd() + tool.StandardError.ReadToEnd();
        tool.WaitForExit();
        Assert.True(tool.ExitCode == 0, said);
    }

    [Fact]
    public async Task APrometheusThatScrapesARun_AnswersTheDashboardAndTheRules()
    {
        Assert.SkipUnless(IsInstalled, Reason);
        using var program = new ObservedProgram();
        using var run = program.Start(Endless, new Dictionary<string, string>(), "--metrics-port", "0", "--set", "evaluation.everyUpdates=500");
        using var prometheus = Scrape(MetricsOf(run), program.Folder, out var address);
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri(address) };
            foreach (var query in DashboardQueries().Concat(RecordedSeries()))
            {
                await AnswersAsync(client, query, run, prometheus);
            }
        }
        finally
        {
            prometheus.Kill();
            run.Kill();
            await prometheus.WaitForExitAsync(TestContext.Current.CancellationToken);
            await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task TheText_IsValid_AndAgreesWithItself()
    {
        using var program = new ObservedProgram();
        using var run = program.Start(Endless, new Dictionary<string, string>(), "--metrics-port", "0");
        try
        {
            using var client = new HttpClient();
            var address = MetricsOf(run);
            var text = "";
            while (!HasPushesOf(text, worker: "0"))
            {
                Assert.False(run.HasExited);
                var response = await client.GetAsync(address, TestContext.Current.CancellationToken);
                Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
                text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            }

            using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, address), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, head.StatusCode);
            Assert.InRange(head.Content.Headers.ContentLength!.Value, 1000, long.MaxValue);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));

            var samples = text.TrimEnd('\n').Split('\n').Where(line => line[0] != '#').ToList();
            Assert.All(samples, line => Assert.Matches("""^[a-z_]+(\{([a-z_]+="[^"]*",?)+\})? (NaN|[+-]Inf|-?[0-9.E+-]+)$""", line));
            var ofWorker =
                samples.Where(line => line.StartsWith("orchestrator_push_staleness", StringComparison.Ordinal) && line.Contains(
                    "worker=\"0\"", StringComparison.Ordinal)).ToList();
            var buckets = ofWorker.Where(line => line.Contains("_bucket{", StringComparison.Ordinal)).Select(Value).ToList();
            Assert.Equal(buckets.Order(), buckets);
            Assert.Equal(buckets[^1], Value(ofWorker.Single(line => line.Contains("_count{", StringComparison.Ordinal))));
            Assert.Equal(
                HttpStatusCode.NotFound, (await client.GetAsync(address.Replace("/metrics", "/other"), TestContext.Current.CancellationToken)).StatusCode);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.DeleteAsync(address, TestContext.Current.CancellationToken)).StatusCode);
        }
        finally
        {
            run.Kill();
            await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void APortThatIsTaken_IsOneMessage_BeforeAnythingStarts()
    {
        using var program = new ObservedProgram();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using var run = program.Start(
            Endless, new Dictionary<string, string>(), "--metrics-port", ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture));
        var error = run.StandardError.ReadToEnd();
        run.WaitForExit(Bound);

        Assert.Equal(64, run.ExitCode);
        Assert.Contains("--metrics-port", error);
        Assert.False(Directory.Exists(Path.Combine(program.Folder, "runs")));
    }

    private static bool HasPushesOf(string text, string worker) =>
        text.Split('\n').Any(line => line.StartsWith("orchestrator_push_staleness_count{", StringComparison.Ordinal) && line.Contains(
            $"worker=\"{worker}\"", StringComparison.Ordinal));

    private static bool IsInstalled => OnPath("prometheus") && OnPath("promtool");

    private static bool OnPath(string name) => Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, name)));

    private static double Value(string line) => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);

    private static string MetricsOf(Process run)
    {
        for (var line = run.StandardError.ReadLine(); line is not null; line = run.StandardError.ReadLine())
        {
            if (Address().Match(line) is { Success: true } match)
            {
                return match.Value;
            }
        }

        throw new InvalidOperationException("The run ended without saying where its metrics are.");
    }

    private static Process Scrape(string target, string folder, out string address)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var listen = free.LocalEndpoint.ToString()!;
        free.Stop();
        address = $"http://{listen}";
        var configuration = File.ReadAllText(Path.Combine(Files, "prometheus.yml"))
            .Replace("5s", "1s").Replace("127.0.0.1:9464", new Uri(target).Authority)
                .Replace("prometheus-rules.yml", Path.Combine(Files, "prometheus-rules.yml"));
        var file = Path.Combine(folder, "prometheus.yml");
        File.WriteAllText(file, configuration);
        return Process.Start(new ProcessStartInfo("prometheus",
            [$"--config.file={file}", $"--storage.tsdb.path={Path.Combine(folder, "tsdb")}", $"--web.listen-address={listen}", "--log.level=error"]))!;
    }

    private static IEnumerable<string> DashboardQueries()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Files, "grafana-dashboard.json")));
        var queries = dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!)
            .Select(expr => expr.Replace("$run", ".*").Replace("$__rate_interval", "10s")).ToList();
        Assert.True(queries.Count > 20);
        return queries;
    }

    private static IEnumerable<string> RecordedSeries() =>
        File.ReadLines(Path.Combine(Files, "prometheus-rules.yml")).Where(line => line.Contains("record:")).Select(line => line.Split("record:")[1].Trim());

    // Asked again until Prometheus has scraped often enough for a rate.
    private static async Task AnswersAsync(HttpClient client, string query, params Process[] alive)
    {
        var elapsed = Stopwatch.StartNew();
        var said = "";
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (elapsed.Elapsed < Bound)
        {
            Assert.All(alive, process => Assert.False(process.HasExited));
            try
            {
                said = await client.GetStringAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}", TestContext.Current.CancellationToken);
                var result = JsonDocument.Parse(said).RootElement.GetProperty("data").GetProperty("result");
                if (result.GetArrayLength() > 0 && result[0].GetProperty("value")[1].GetString() != "NaN")
                {
                    return;
                }
            }
            catch (HttpRequestException notYet)
            {
                said = notYet.Message;
            }

            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        Assert.Fail($"{query}: {said}");
    }

    [GeneratedRegex("http://127\\.0\\.0\\.1:[0-9]+/metrics")]
    private static partial Regex Address();
}
