using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.RunFolders;
using Orchestrator.Runs;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary><c>run FILE</c>.</summary>
internal sealed class RunVerb(Terminal terminal, IHostApplicationLifetime lifetime, CheckpointRequests checkpoints, StartUp startUp, PluginFolders folders, ReportsAtEnd reports, ILogger<RunSession> logger) : IVerb
{
    public Command Build()
    {
        var file = ShippedPipelines.OrFile(ArgumentArity.ZeroOrOne);
        var resume = new Option<string?>("--resume")
        {
            Description = "Goes on with a run that ended early, from its newest checkpoint: its id, the beginning of it, or its folder.",
            HelpName = "id",
        }.ThatNames("run");
        var checkpointSeconds = NumberOptions.Seconds(
            "--checkpoint-seconds", "Real time between two checkpoints; 0 writes none. When not given, longer where checkpoints would take 1 % of the time.", CheckpointRule.DefaultSeconds);
        var checkpointUpdates = new Option<long?>("--checkpoint-updates") { Description = "Updates between two checkpoints; 0 writes none by that measure.", HelpName = "n" }
            .Within("a number of updates", 0, long.MaxValue);
        var set = CommonOptions.Set();
        var threads = CommonOptions.Threads("Compute threads, 1 to 1024. Changes no result on the virtual clock.");
        var hosts = new HostOptions();
        var sweeps = new SweepOptions();
        var launches = new LaunchOptions(terminal);
        var metricsPort = MetricsPort();
        var output = CommonOptions.Output();
        var data = CommonOptions.Data();
        var plugins = CommonOptions.Plugins();
        var json = CommonOptions.Json();
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Shows no progress." };
        var (noReport, watch) = (ReportsAtEnd.None(), LiveWatch.Option());

        var command = new Command("run", "Runs a pipeline and leaves a run folder with a report; with a sweep, in the file or on the command line, runs all that it stands for and leaves a table with a report.\n\n"
            + "Examples:\n"
            + "  orchestrator run quickstart\n"
            + "  orchestrator run my.json --set seed=3 --set workers.count=10 --threads 2\n"
            + "  orchestrator run my.json --json --quiet > summary.json\n"
            + "  orchestrator run my.json --watch\n"
            + "  orchestrator run --resume 3f2a\n"
            + "  orchestrator run my.json --set transport.type=tcp --hosts 2\n"
            + "  orchestrator run my.json --axis optimizer.momentum=0,0.5,0.9 --seeds 1..5 --dry-run\n"
            + "  orchestrator run my.json --where workers.count=8 --seeds 11..20\n"
            + "  orchestrator run my.json --seeds 100 --launcher slurm --profile short\n"
            + "  orchestrator run my.json --hosts 4 --launcher slurm --profile short\n\n"
            + "Exit codes: 0 the run ended (its status may be diverged), or all runs of the sweep did; 1 it failed, 64 the pipeline or an argument is wrong, 130 it was interrupted.")
        {
            file, resume, set, threads, output, data, plugins, checkpointSeconds, checkpointUpdates, metricsPort, watch, json, quiet, noReport,
        };
        sweeps.AddTo(command);
        hosts.AddTo(command);
        launches.AddTo(command);
        command.SetAction(parsed =>
        {
            var telemetry = new RunTelemetry(Environment.GetEnvironmentVariable, parsed.GetValue(metricsPort));
            telemetry.WarmUp(null);
            var dataFolders = folders.Data(parsed.GetValue(data));
            var cores = parsed.GetValue(threads);
            var run = Resumption.Find(parsed.GetValue(file), parsed.GetValue(resume), parsed.GetValue(set)!.Length > 0 || sweeps.IsAsked(parsed), parsed.GetValue(output)!);
            var catalog = folders.Read(parsed.GetValue(plugins)!);
            startUp.PluginsRead();
            var asked = sweeps.Over(new PipelineRequest(dataFolders) { Sets = parsed.GetValue(set)!, Cores = cores }, parsed);
            var template = PipelineTemplate.Read(run is null ? ShippedPipelines.PathOf(parsed.GetValue(file)!) : Resumption.PipelineOf(run), catalog, asked, out var mistakes);
            var rule = new CheckpointRule(
                parsed.GetValue(checkpointSeconds) is > 0 and var seconds ? seconds : null,
                parsed.GetValue(checkpointUpdates) is > 0 and var updates ? updates : null,
                IsSparing: parsed.GetResult(checkpointSeconds) is not { Implicit: false });
            var options = new RunOptions(dataFolders)
            {
                Cores = cores,
                Checkpoints = rule,
                Hosts = hosts.Read(parsed, parsed.GetValue(data), parsed.GetValue(plugins)!),
                HostStarter = new HostProcesses(OwnProgram.Command),
                Telemetry = telemetry,
                Console = new RunConsole(terminal, logger, showsProgress: !parsed.GetValue(quiet)),
                StartUp = startUp,
                CheckpointRequests = checkpoints,
            };
            if (template?.Sweep is not null)
            {
                CheckSweep(options.Hosts, parsed.GetValue(metricsPort));
                var (own, runs) = (parsed.GetResult(threads) is { Implicit: false } ? cores : 1, parsed.GetValue(output)!);
                var (each, asSweep) = (options with { Cores = own, StartUp = null }, sweeps.Read(parsed));
                var launch = launches.Read(parsed, catalog) is not { } profile ? null : new SweepLaunch(
                    new Submission(terminal, profile, runs, parsed.GetValue(json), lifetime.ApplicationStopping), asSweep, each, options.Hosts.Forwarded, !parsed.GetValue(noReport));
                using var sweepPage = launch is null ? LiveWatch.Begin(parsed.GetValue(watch), terminal, runs) : null;
                return new SweepCommand(terminal, catalog, asSweep, each, runs, options.Hosts.Forwarded)
                {
                    IsQuiet = parsed.GetValue(quiet),
                    IsJson = parsed.GetValue(json),
                    Reports = parsed.GetValue(noReport) ? null : reports,
                    Page = sweepPage,
                    Launch = launch,
                }.Run(template, mistakes, asked, lifetime.ApplicationStopping);
            }

            if (mistakes.Count == 0 && sweeps.OnlyForSweeps(parsed, launches.IsAsked(parsed)) is { } alone)
            {
                throw new UserException($"{alone}: the pipeline has no sweep; give it axes or seeds, in the file or by --axis and --seeds.");
            }

            var loaded = PipelineLoading.Load(template, mistakes, catalog, dataFolders);
            var pipeline = loaded.OrThrow();
            terminal.Say(loaded.Hints);
            if (launches.Read(parsed, catalog) is { } launched)
            {
                CheckLaunch(hosts.OnlyHere(parsed) ?? (parsed.GetResult(resume) is { Implicit: false } ? resume.Name : parsed.GetValue(metricsPort) is null ? null : "--metrics-port"));
                if (pipeline.Transport.Name != RunLaunch.Transport)
                {
                    terminal.Note($"Its worker hosts may be on other machines: transport.type={RunLaunch.Transport} is set.");
                    template = PipelineTemplate.Read(ShippedPipelines.PathOf(parsed.GetValue(file)!), catalog, asked with { Sets = [.. asked.Sets, "transport.type=" + RunLaunch.Transport] }, out mistakes);
                    pipeline = PipelineLoading.Load(template, mistakes, catalog, dataFolders).OrThrow();
                }

                return new RunLaunch(
                    new Submission(terminal, launched, parsed.GetValue(output)!, parsed.GetValue(json), lifetime.ApplicationStopping), options, parsed.GetValue(output)!, !parsed.GetValue(noReport))
                    .Submit(pipeline, sweeps.IsDry(parsed));
            }

            startUp.PipelineChecked();
            using var page = LiveWatch.Begin(parsed.GetValue(watch), terminal, parsed.GetValue(output)!);
            if (run is not null)
            {
                page?.Tell("runs", run.Folder);
            }

            var session = new RunSession(pipeline, options with { FolderMade = folder => page?.Tell("runs", folder) });
            var summary = run is null ? session.Start(parsed.GetValue(output)!, lifetime.ApplicationStopping) : session.Resume(run, lifetime.ApplicationStopping);
            var findings = FindingsAtEnd.Of(summary, catalog);
            summary = parsed.GetValue(noReport) ? summary : reports.Write(summary, findings ?? []);
            if (parsed.GetValue(json))
            {
                var document = JsonNode.Parse(summary.ToJson())!.AsObject();
                document["findings"] = findings is null ? null : AnalysisJson.Of(findings);
                Terminal.Line(document.ToJsonString(AnalysisJson.Compact));
            }
            else
            {
                SummaryView.Write(terminal.Out, summary, findings);
            }

            return ExitCode(summary);
        });
        return command;
    }

    /// <summary>What the process returns for a run that ended so.</summary>
    public static int ExitCode(RunSummary summary) => summary.Status switch
    {
        RunStatus.Failed => ExitCodes.Failed,
        RunStatus.Interrupted => ExitCodes.Cancelled,
        _ => ExitCodes.Ok,
    };

    private static void CheckLaunch(string? option)
    {
        if (option is not null)
        {
            throw new UserException($"{option} belongs to a run that is served here; what a launcher starts finds its place by itself, and goes on by itself.");
        }
    }

    private static void CheckSweep(HostSettings hosts, int? metricsPort)
    {
        if (hosts.IsAsked || metricsPort is not null)
        {
            throw new UserException("--hosts, --listen, --token-file, --certificate and --metrics-port belong to a single run; a sweep has --jobs.");
        }
    }

    private static Option<int?> MetricsPort()
    {
        var port = new Option<int?>("--metrics-port")
        {
            Description = "Serves metrics to Prometheus at http://127.0.0.1:PORT/metrics while the run lasts, 1 to 65535; 0 takes a free port and says which.",
            HelpName = "port",
        };
        return port.Within("a port", 0, ushort.MaxValue);
    }
}
