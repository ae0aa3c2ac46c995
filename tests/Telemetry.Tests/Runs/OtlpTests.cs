using System.Globalization;
using System.Text.Json;
using Orchestrator.Observation;

namespace Orchestrator.Telemetry.Tests;

/// <summary>Runs of the program, watched by a real receiver.</summary>
[Collection("receiver")]
public sealed class OtlpTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EverythingArrives_AndAgreesWithTheRunsLog(bool grpc)
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc);
        using var program = new ObservedProgram();
        var run = await RunAsync(program, Variables(receiver, grpc, ("OTEL_TRACES_SAMPLER", "always_on")));

        Assert.DoesNotContain("telemetry:", run.Output);
        var rows = run.Updates;
        Assert.Equal(rows.Count, (int)receiver.Last("orchestrator.pushes").Points.Sum(p => p.Value));
        HistogramsAgree(receiver, rows);
        TracesAgree(receiver, rows);
        ResourceIsConventional(receiver, run);
        Assert.All(receiver.Paths, path => Assert.True(IsKnown(path, grpc), path));
    }

    [Theory]
    [InlineData("shared-memory", false)]
    [InlineData("tcp", true)]
    public async Task TracesJoinUp_OverTwoWorkerProcesses(string transport, bool bySection)
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc: false);
        using var program = new ObservedProgram();
        string[] arguments = ["--hosts", "2", "--set", $"transport.type={transport}"];
        var section = $$"""telemetry={ "endpoint": "{{receiver.Address}}", "protocol": "http-protobuf", "traceRatio": 1 }""";
        var run = bySection
            ? await RunOnTwoHostsAsync(program, [], [.. arguments, "--set", section])
            : await RunOnTwoHostsAsync(program, Variables(receiver, grpc: false, ("OTEL_TRACES_SAMPLER", "always_on")), arguments);

        // Two processes on one machine read one clock, but not at one moment.
        TracesAgree(receiver, run.Updates, clockError: 5_000_000, isVirtual: false);
        var server = receiver.Spans.Single(s => s.Name == "run").Resource["service.instance.id"];
        var hosts = receiver.Spans.Where(s => s.Name is "compute" or "push").GroupBy(s => s.Resource["service.instance.id"]).ToList();
        Assert.Equal(2, hosts.Count);
        Assert.DoesNotContain(server, hosts.Select(h => h.Key));
        Assert.All(hosts, host => Assert.Single(host.Select(s => s.Attributes["orchestrator.host"]).Distinct()));
        Assert.All(receiver.Spans, s => Assert.Equal(Path.GetFileName(run.Line("folder")), s.Resource["orchestrator.run.id"]));
        Assert.DoesNotContain("telemetry:", run.Output + run.Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AllSignalsArrive_AtAReceiverOfAPrivateAuthority_ThatWantsToKnowUs(bool grpc)
    {
        using var program = new ObservedProgram();
        using var lab = new LabCertificates(program.Folder);
        await using var receiver = await OtlpReceiver.StartAsync(grpc, lab);
        (string, string)[] certificates =
        [
            ("OTEL_EXPORTER_OTLP_CERTIFICATE", lab.AuthorityFile),
            ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", lab.ClientFile),
            ("OTEL_EXPORTER_OTLP_CLIENT_KEY", lab.ClientKeyFile),
        ];
        var run = await RunAsync(program, Variables(receiver, grpc, certificates));

        Assert.DoesNotContain("telemetry:", run.Output + run.Error);
        Assert.NotEmpty(receiver.Spans);
        Assert.NotEmpty(receiver.Metrics);
        Assert.NotEmpty(receiver.Logs);
        var stranger = await RunAsync(program, Variables(receiver, grpc, certificates[..1]));
        Assert.Contains("exports of logs did not reach the receiver", stranger.Output);
    }

    [Fact]
    public async Task AHostSendsTheSpansThatAreWanted_AndNoOther()
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc: false);
        using var program = new ObservedProgram();
        await RunAsync(
            program, Variables(receiver, grpc: false, ("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "0.2")), "--hosts", "2", "--set",
            "transport.type=shared-memory");

        var wanted = receiver.Spans.Where(s => s.Name == "apply").Select(s => s.Trace).Order().ToList();
        Assert.InRange(wanted.Count, 40, 120);
        Assert.Equal(wanted, receiver.Spans.Where(s => s.Name == "compute").Select(s => s.Trace).Order());
        Assert.Equal(wanted, receiver.Spans.Where(s => s.Name == "push").Select(s => s.Trace).Order());
    }

    [Fact]
    public async Task Logs_HaveStableEvents_AndTheRunsTrace()
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc: false);
        using var program = new ObservedProgram();
        await RunAsync(program, Variables(receiver, grpc: false));

        var span = receiver.Spans.Single(s => s.Name == "run");
        Assert.All(receiver.Logs, entry => Assert.Equal((span.Trace, span.Id), (entry.Trace, entry.Id)));
        Assert.Contains(receiver.Logs, entry => entry.Body.Contains("started: 5 workers, sgd, asynchronous, in-process"));
        Assert.Equal(5, receiver.Logs.Count(entry => entry.Body.StartsWith("Version ", StringComparison.Ordinal)));
        Assert.Contains(receiver.Logs, entry => entry.Body.EndsWith("completed after 400 updates.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OfARunWithoutClasses_TheLogTellsTheLossAlone()
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc: false);
        using var program = new ObservedProgram();
        await RunAsync(
            program, Variables(receiver, grpc: false), "--set", "dataset={\"type\":\"quadratic\"}", "--set", "model={\"type\":\"quadratic\",\"dimension\":4}",
            "--set", "partitioner.type=none");

        var evaluations = receiver.Logs.Where(entry => entry.Body.StartsWith("Version ", StringComparison.Ordinal)).ToList();
        Assert.Equal(5, evaluations.Count);
        Assert.All(evaluations, entry => Assert.Matches(@"^Version \d+, epoch [\d.]+: test loss [\d.E-]+\.$", entry.Body));
    }

    [Fact]
    public async Task TheRule_TakesAShare_AndAllThatAreStale()
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc: false);
        using var program = new ObservedProgram();
        var section = $$"""{ "endpoint": "{{receiver.Address}}", "protocol": "http-protobuf", "traceRatio": 0.25, "traceStaleness": 6, "logs": false }""";
        var run = await RunAsync(program, [], "--set", $"telemetry={section}");

        var traced = receiver.Spans.Where(s => s.Name == "pull").Select(s => (Staleness: (long)s.Attributes["orchestrator.staleness"], s.Trace)).ToList();
        var stale = run.Updates.Count(row => Integer(row["staleness"]) >= 6);
        var fresh = run.Updates.Count - stale;
        Assert.True(stale > 10, "too few stale pushes for this test");
        Assert.Equal(stale, traced.Count(t => t.Staleness >= 6));
        Assert.InRange(traced.Count(t => t.Staleness < 6), fresh * 0.15, fresh * 0.35);
        Assert.Empty(receiver.Logs);
    }

    [Fact]
    public async Task EqualRuns_TraceTheSamePushes_WithOneDigest_WatchedOrNot()
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc: false);
        using var program = new ObservedProgram();
        var plain = await RunAsync(program, []);
        var first = await RunAsync(program, Variables(receiver, grpc: false));
        var traced = Traced(receiver);
        var second = await RunAsync(program, Variables(receiver, grpc: false), "--threads", "1");

        Assert.Equal(plain.Line("digest"), first.Line("digest"));
        Assert.Equal(plain.Line("digest"), second.Line("digest"));
        Assert.Equal(traced, Traced(receiver).Skip(traced.Count));
        Assert.InRange(traced.Count, 20, 60);
    }

    [Fact]
    public async Task ManyWorkers_ShareSeries()
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc: false);
        using var program = new ObservedProgram();
        var run = await RunAsync(
            program, Variables(receiver, grpc: false, ("OTEL_TRACES_EXPORTER", "none")), "--set", "workers.count=300", "--set", "stop.updates=1500", "--set",
            "dataset.train=2000");

        var workers = receiver.Last("orchestrator.push.staleness").Points.Select(p => (string)p.Attributes["orchestrator.worker"]).Distinct().ToList();
        Assert.Equal(30, workers.Count);
        Assert.Contains("0-9", workers);
        Assert.Equal(run.Updates.Count, (int)receiver.Last("orchestrator.push.staleness").Points.Sum(p => (long)p.Count));
        Assert.Empty(receiver.Spans);
    }

    [Fact]
    public async Task StandardVariables_NameTheServiceAndItsAttributes_AndMayTurnAllOff()
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc: false);
        using var program = new ObservedProgram();
        await RunAsync(program, Variables(receiver, grpc: false, ("OTEL_SERVICE_NAME", "mine"), ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=lab")));

        Assert.All(receiver.Spans, s => Assert.Equal("mine", s.Resource["service.name"]));
        Assert.All(receiver.Spans, s => Assert.Equal("lab", s.Resource["deployment.environment"]));

        receiver.Paths.Clear();
        await RunAsync(program, Variables(receiver, grpc: false, ("OTEL_SDK_DISABLED", "true")));
        Assert.Empty(receiver.Paths);
    }

    [Fact]
    public async Task RunsOfASweep_CarryItAndTheirCell_AndTheSweepCountsItsCells()
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc: false);
        using var program = new ObservedProgram();
        await RunAsync(
            program, Variables(receiver, grpc: false, ("OTEL_METRIC_EXPORT_INTERVAL", "100")),
            "--axis", "optimizer.momentum=0,0.9", "--seeds", "2", "--jobs", "2", "--results", Path.Combine(program.Folder, "results"));

        var rows = File.ReadAllLines(Path.Combine(program.Folder, "results", "observed.csv")).Skip(1).Select(line => line.Split(',')).ToList();
        var spans = receiver.Spans.Where(span => span.Name == "run").ToList();
        Assert.Equal(
            rows.Select(row => (row[0], row[1], long.Parse(row[2], CultureInfo.InvariantCulture))).Order(),
            spans.Select(span => Labels(span.Attributes)).Order());
        Assert.Equal(spans.Select(span => Labels(span.Attributes)), spans.Select(span => Labels(span.Resource)));
        var sweep = Assert.Single(spans.Select(span => span.Resource["orchestrator.sweep.id"]).Distinct());
        var cells = receiver.Metrics.Where(series => series.Name == "orchestrator.sweep.cells").ToList();
        Assert.All(cells, series => Assert.Equal(sweep, series.Resource["orchestrator.sweep.id"]));
        Assert.All(cells, series => Assert.Equal(2, series.Points.Sum(point => point.Value)));
        Assert.Equal(2, Assert.Single(cells[^1].Points, point => (string)point.Attributes["orchestrator.sweep.state"] == "done").Value);
        Assert.Contains(cells, series => series.Points.Any(point => (string)point.Attributes["orchestrator.sweep.state"] == "running" && point.Value > 0));

        static (string, string, long) Labels(Dictionary<string, object> attributes) =>
            ((string)attributes["orchestrator.sweep.run"], (string)attributes["orchestrator.sweep.cell"], (long)attributes["orchestrator.run.seed"]);
    }

    [Fact]
    public void ARunWithoutTelemetry_LoadsNothingOfIt()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "skipped: the files that a process has mapped are read from /proc");
        using var program = new ObservedProgram();
        Assert.True(Mapped(program, "--metrics-port", "0"), "the control does not fire");
        Assert.False(Mapped(program), "telemetry is loaded without being asked for");
    }

    // Looked at when there are rows, thus in the middle of training.
    private static bool Mapped(ObservedProgram program, params string[] arguments)
    {
        var runs = Path.Combine(program.Folder, Guid.NewGuid().ToString("N"));
        using var run = program.Start(
            ObservedProgram.Pipeline.Replace("\"updates\": 400", "\"updates\": 100000000"), new Dictionary<string, string>(), ["--output", runs, .. arguments]);
        try
        {
            while (!Directory.Exists(runs) || !Directory.EnumerateFiles(runs, "updates.csv", SearchOption.AllDirectories).Any(
                file => new FileInfo(file).Length > 2_000))
            {
                Assert.False(run.HasExited, "the run ended");
                Thread.Yield();
            }

            var maps = File.ReadAllText($"/proc/{run.Id}/maps");
            return maps.Contains("OpenTelemetry", StringComparison.Ordinal) || maps.Contains("Orchestrator.Telemetry", StringComparison.Ordinal);
        }
        finally
        {
            run.Kill();
            run.WaitForExit();
        }
    }

    internal static Task<ObservedProgram.Result> RunAsync(ObservedProgram program, Dictionary<string, string> variables, params string[] arguments) =>
        Task.Run(() => program.Run(ObservedProgram.Pipeline, variables, arguments), TestContext.Current.CancellationToken);

    // However late the second host comes: the run goes on until both have pushed.
    private static Task<ObservedProgram.Result> RunOnTwoHostsAsync(ObservedProgram program, Dictionary<string, string> variables, string[] arguments)
    {
        var pipeline = ObservedProgram.Pipeline.Replace("\"updates\": 400", "\"updates\": 100000000");
        return Task.Run(
            () => program.RunUntil(pipeline, variables, rows => rows.Select(row => row["host"]).Distinct().Count() == 2, [.. arguments, "--set", "clock=wall"]),
            TestContext.Current.CancellationToken);
    }

    internal static Dictionary<string, string> Variables(OtlpReceiver receiver, bool grpc, params (string Name, string Value)[] more)
    {
        var variables = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = grpc ? "grpc" : "http/protobuf",
        };
        foreach (var (name, value) in more)
        {
            variables[name] = value;
        }

        return variables;
    }

    private static bool IsKnown(string path, bool grpc) => grpc
        ? path.StartsWith("/opentelemetry.proto.collector.", StringComparison.Ordinal)
        : path is "/v1/traces" or "/v1/metrics" or "/v1/logs";

    private static List<string> Traced(OtlpReceiver receiver) =>
        [.. receiver.Spans.Where(s => s.Name == "pull").Select(s => $"{s.Attributes["orchestrator.worker"]}/{s.Attributes["orchestrator.gradient"]}")];

    private static void HistogramsAgree(OtlpReceiver receiver, IReadOnlyList<Dictionary<string, string>> rows)
    {
        foreach (var (metric, column, scale) in new[]
        {
            ("orchestrator.push.staleness", "staleness", 1), ("orchestrator.push.gap", "gapRms", 1), ("orchestrator.push.loss", "loss", 1),
            ("orchestrator.push.gradient_norm", "gradientNorm", 1), ("orchestrator.push.compute", "computeTimeNs", 1e-9),
        })
        {
            var points = receiver.Last(metric).Points;
            foreach (var worker in points.GroupBy(p => (string)p.Attributes["orchestrator.worker"]))
            {
                var values = rows.Where(row => row["worker"] == worker.Key).Select(row => scale * Real(row[column])).ToList();
                var point = Assert.Single(worker);
                Assert.Equal(values.Count, (int)point.Count);
                Assert.Equal(values.Sum(), point.Sum, 1e-6 * Math.Abs(values.Sum()));
                for (var i = 0; i < point.Bounds.Length; i++)
                {
                    var (least, most) = (i == 0 ? double.NegativeInfinity : point.Bounds[i - 1], point.Bounds[i]);
                    Assert.Equal(values.Count(v => v > least && v <= most), (int)point.Buckets[i]);
                }
            }

            Assert.Equal(5, points.Count);
        }
    }

    private static void TracesAgree(OtlpReceiver receiver, IReadOnlyList<Dictionary<string, string>> rows, ulong clockError = 0, bool isVirtual = true)
    {
        var run = receiver.Spans.Single(s => s.Name == "run");
        var traces = receiver.Spans.Where(s => s.Name != "run").GroupBy(s => s.Trace).ToList();
        Assert.Equal(rows.Count, traces.Count);
        var byPush = rows.ToDictionary(row => (Integer(row["worker"]), Integer(row["gradient"])));
        foreach (var trace in traces)
        {
            var spans = new[] { "pull", "compute", "push", "queue", "apply" }.Select(name => trace.Single(s => s.Name == name)).ToList();
            Assert.Equal(5, trace.Count());
            Assert.Equal("", spans[0].Parent);
            Assert.Equal((run.Trace, run.Id), Assert.Single(spans[0].Links));
            for (var i = 1; i < 5; i++)
            {
                Assert.Equal(spans[i - 1].Id, spans[i].Parent);
                Assert.True(spans[i].Start + clockError >= spans[i - 1].Start && spans[i].End >= spans[i].Start);
            }

            var tags = spans[4].Attributes;
            var row = byPush[((long)tags["orchestrator.worker"], (long)tags["orchestrator.gradient"])];
            Assert.Equal(Integer(row["staleness"]), tags["orchestrator.staleness"]);
            Assert.Equal(Integer(row["versionPulled"]), tags["orchestrator.version.pulled"]);
            Assert.Equal(Integer(row["version"]), tags["orchestrator.version.arrived"]);
            Assert.Equal(Real(row["gapRms"]), tags["orchestrator.gap"]);
            Assert.Equal(Real(row["loss"]), tags["orchestrator.loss"]);
            Assert.Equal(Integer(row["host"]), tags["orchestrator.host"]);
            Assert.Equal(isVirtual, tags.ContainsKey("orchestrator.virtual_time.arrived"));
            if (isVirtual)
            {
                Assert.Equal(Real(row["arrivedAtNs"]) / 1e9, (double)tags["orchestrator.virtual_time.arrived"], 1e-9);
            }
        }
    }

    private static void ResourceIsConventional(OtlpReceiver receiver, ObservedProgram.Result run)
    {
        var resources = receiver.Spans.Select(s => s.Resource).Concat(receiver.Metrics.Select(m => m.Resource)).Concat(receiver.Logs.Select(l => l.Resource))
            .ToList();
        Assert.All(resources, resource =>
        {
            Assert.Equal("orchestrator", resource["service.name"]);
            Assert.Equal(Path.GetFileName(run.Line("folder")), resource["orchestrator.run.id"]);
            Assert.Equal(Environment.MachineName, resource["host.name"]);
            Assert.Equal(resources[0]["service.instance.id"], resource["service.instance.id"]);
            Assert.NotEqual("", resource["service.version"]);
        });
    }

    private static long Integer(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static double Real(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
