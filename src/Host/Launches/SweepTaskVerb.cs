using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Runs;

namespace Orchestrator.Host;

/// <summary>
/// One task of a launched sweep: claims runs until nothing is left or its time is over, with
/// claimant processes of its own. The task that finds nothing left writes the table.
/// </summary>
internal sealed class SweepTaskVerb(Terminal terminal, IHostApplicationLifetime lifetime, CheckpointRequests checkpoints, PluginFolders folders, ReportsAtEnd reports, ILogger<RunSession> logger) : IVerb
{
    public const string Name = "sweep-task";
    public const string JobsName = "--jobs";
    public const string NoReportName = "--no-report";

    public Command Build()
    {
        var (options, jobs, noReport) = (new ClaimantOptions(), new Option<int>(JobsName), new Option<bool>(NoReportName));
        var command = new Command(Name, "Works on a sweep as a task that a launcher has started.") { jobs, noReport };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var time = TaskLimit.Read();
            terminal.Note($"Task on {Environment.MachineName}, {(time.Until is null ? "no limit of time known" : $"{time.Whole.TotalSeconds:0} s")}.");
            var (folder, plan) = (options.Folder(parsed), options.Plan(parsed, folders));
            var run = options.Options(parsed, folders, checkpoints) with { Console = new RunConsole(terminal, logger, showsProgress: false) };
            var request = new SweepRequest(parsed.GetValue(jobs), IsDry: false, Retries: false, options.Results(parsed), options.Lease(parsed));
            return new SweepCommand(terminal, options.Catalog(parsed, folders), request, run, folder.Output, options.Forwarded(parsed))
            {
                IsQuiet = true,
                Reports = parsed.GetValue(noReport) ? null : reports,
            }.Work(plan, folder, time, lifetime.ApplicationStopping);
        });
        return command;
    }
}
