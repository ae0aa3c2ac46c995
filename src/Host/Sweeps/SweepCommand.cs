using System.Diagnostics;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Observation;
using Orchestrator.Runs;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary><c>run FILE</c> where the file, or the command line, has a sweep.</summary>
/// <param name="terminal">Where it speaks.</param>
/// <param name="catalog">Where analyzers are.</param>
/// <param name="request">How it is run.</param>
/// <param name="run">What each run is given.</param>
/// <param name="output">The folder of all runs.</param>
/// <param name="forwarded">Arguments that claimant processes are given.</param>
internal sealed class SweepCommand(Terminal terminal, PluginCatalog catalog, SweepRequest request, RunOptions run, string output, IReadOnlyList<string> forwarded)
{
    private const int MostFailuresTold = 10;

    // So often it is looked for results of another build.
    private const int MostTurns = 3;
    private const string OthersAtWork = "Another build of program or plugins works on the same runs, and what it completes does not count here. Nothing is lost; end one of the two, and the same command goes on.";

    private int failures;

    /// <summary>Whether no progress is shown.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>Whether standard output holds one JSON document.</summary>
    public bool IsJson { get; init; }

    /// <summary>Writes the report at the end; null where none is wanted.</summary>
    public ReportsAtEnd? Reports { get; init; }

    /// <summary>Is told where the sweep is; null where nobody watches.</summary>
    public LiveWatch? Page { get; init; }

    /// <summary>Submits it instead; null where it is run here.</summary>
    public SweepLaunch? Launch { get; init; }

    /// <summary>Says what it came to; null for the table of the cells with its verdicts.</summary>
    public ISweepEndView? View { get; init; }

    /// <summary>Plans and runs the sweep of a template.</summary>
    /// <exception cref="RunRefusedException">There are mistakes.</exception>
    public int Run(PipelineTemplate template, IReadOnlyList<Mistake> mistakes, PipelineRequest asked, CancellationToken stop)
    {
        var planner = new SweepPlanner(template, asked);
        var plan = planner.Plan(mistakes).OrThrow();
        terminal.Say(plan.Hints);
        var folder = SweepFolder.Of(output, plan);
        if (request.IsDry && Launch is null)
        {
            var check = Check(plan, folder, Rows(plan));
            var store = check.MayCount();
            SweepViews.Forecast(terminal, plan, SweepForecast.Of(plan, planner, Failures.Forgiven(plan, folder, store, request.Retries), request.Jobs).With(check.Open()), folder, IsJson, check);
            ForecastSeeds(plan, store);
            return ExitCodes.Ok;
        }

        if (Launch is not null && Launch.Submit(plan, planner, folder, Check(plan, folder, Rows(plan)), template.Frozen) is { } submitted)
        {
            return submitted;
        }

        LayDown(plan);
        folder.Start(plan, template.Frozen);
        Page?.Tell("sweeps", folder.FullPath);
        return Work(plan, folder, null, stop);
    }

    /// <summary>Works on a sweep that has a folder.</summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="time">The time that there is; null for as long as it takes.</param>
    /// <param name="stop">Ends it early.</param>
    public int Work(SweepPlan plan, SweepFolder folder, TaskLimit? time, CancellationToken stop)
    {
        var ledger = Rows(plan);
        var check = Check(plan, folder, ledger);
        var forgiven = Failures.Forgive(plan, folder, check.MayCount(), request.Retries);
        if (request.Retries)
        {
            terminal.Note($"{forgiven} failed runs are run again.");
        }
        else if (forgiven > 0)
        {
            terminal.Note($"{(forgiven == 1 ? "One run that failed with another build of program or plugins is" : $"{forgiven} runs that failed with another build of program or plugins are")} run again.");
        }

        for (var turn = 1; ; turn++)
        {
            if (new BuildTrials(terminal, run, output).Run(check, time, stop) is { } ended)
            {
                return ended;
            }

            var end = Claim(plan, folder, new SweepStore(folder.Claims, check.LedgerThatCounts()), time, stop);

            // Processes of another build may have completed runs of it meanwhile. Where it is still at
            // work, it would go on so for ever.
            check = Check(plan, folder, ledger);
            var others = check.Retire() + check.Open().Count;
            if (time is not null && end.Trouble is null && (others == 0 || end.WasStopped || end.IsOutOfTime) && new Agenda(plan).Look(check.Counting()).Wanted.Count > 0)
            {
                return HandOn(end, time);
            }

            if (others == 0 || turn == MostTurns || end.Trouble is not null || end.WasStopped)
            {
                return Finish(plan, folder, check.Counting(), others == 0 || end.WasStopped ? end : end with { Trouble = end.Trouble ?? OthersAtWork }, stop);
            }
        }
    }

    private JobsEnd Claim(SweepPlan plan, SweepFolder folder, SweepStore store, TaskLimit? time, CancellationToken stop)
    {
        ForecastSeeds(plan, store);
        var jobs = new Jobs(request.Jobs, () => Claimant(folder, time), folder.Claims, message => Tell(message, time));
        using var watch = run.Telemetry.WatchSweep(plan.Cells[0].Pipeline, SweepDocument.IdOf(plan), () => Counts(plan, folder, store), run.Console);
        using var view = IsQuiet ? null : new SweepProgressView(terminal, plan, store, jobs);
        return jobs.Run(stop);
    }

    // Whoever goes on makes the table; there may be no time for it here.
    private int HandOn(JobsEnd end, TaskLimit time)
    {
        if (end.WasStopped)
        {
            terminal.Note("Told to end; what was under way is handed back.");
            return LaunchRequest.Stopped;
        }

        if (!time.HasBegun && !end.IsOutOfTime)
        {
            terminal.Fail($"no run that is left can begin within the time of a task, {time.Whole.TotalSeconds:0} s; give the profile more.");
            return ExitCodes.Failed;
        }

        terminal.Note("The time is over, and work is left.");
        return LaunchRequest.WorkLeft;
    }

    private int Finish(SweepPlan plan, SweepFolder folder, SweepStore store, JobsEnd end, CancellationToken stop)
    {
        var state = new Agenda(plan).Look(store);
        var table = SweepTable.Of(plan, state, store);
        var verdicts = SweepVerdicts.Of(plan, state, store);
        List<CompletedRun> completed = [.. state.Known.Select(wanted => store.Completed(wanted.Run.Key)).OfType<CompletedRun>()];
        var unwritten = Refusal(() =>
        {
            if (completed.Count > 0)
            {
                Ledger.Merge(Ledger.FileOf(request.Results, plan.Name), completed);
            }

            SweepTable.Write(folder, table);
            verdicts?.Write(folder);
        });
        var findings = state.IsComplete && View is null ? FindingsAtEnd.Of(folder, request.Results, catalog, request.Jobs, completed.Select(run => run.Key).ToHashSet().Contains, stop) : [];
        var report = Reports?.Write(plan, folder, store, findings, View?.Figures);
        var outcome = new SweepOutcome(plan, folder, state, store, completed.Count, table, verdicts, end, report, findings);
        if (IsJson)
        {
            Terminal.Line((View?.Json(outcome) ?? SweepViews.Json(outcome)).ToJsonString());
        }
        else if (View is not null)
        {
            View.Write(outcome);
        }
        else
        {
            SweepViews.End(terminal, outcome);
        }

        foreach (var difference in SecondCompletions.Different(folder, state))
        {
            terminal.Warn(difference);
        }

        var troubles = new[] { end.Trouble, unwritten is null ? null : $"{unwritten}\nWhat has been computed stays; the same command writes what is missing once it can." }
            .OfType<string>().ToList();
        if (troubles.Count == 0 && !end.WasStopped && !state.IsComplete && state.Failed.Count == 0)
        {
            troubles.Add("The sweep is not complete: its processes were told to end. Nothing is lost; the same command goes on.");
        }

        troubles.ForEach(terminal.Fail);
        return troubles.Count > 0 ? ExitCodes.Failed : end.WasStopped && !state.IsComplete ? ExitCodes.Cancelled : state.Failed.Count > 0 ? ExitCodes.Failed : ExitCodes.Ok;
    }

    // What the system said to writing; null where it was written.
    private static string? Refusal(Action write)
    {
        try
        {
            write();
            return null;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return refusal.Message;
        }
    }

    private static SweepCellCounts Counts(SweepPlan plan, SweepFolder folder, SweepStore store)
    {
        var status = SweepStatus.Of(plan, folder, store);
        return new(status.CellsDone, status.CellsFailed, status.CellsRunning, Math.Max(0, status.Cells - status.CellsDone - status.CellsFailed - status.CellsRunning));
    }

    // Seeds until decided: what they will cost is said before they start, beside the results.
    private void ForecastSeeds(SweepPlan plan, SweepStore store)
    {
        foreach (var line in SeedForecast.Of(plan, store).SelectMany(table => table.ToText(ComparisonOptions.Width(terminal)).Split('\n')))
        {
            terminal.Note(line);
        }
    }

    private BuildCheck Check(SweepPlan plan, SweepFolder folder, IReadOnlyDictionary<string, CompletedRun> ledger) => new(plan, folder, ledger) { TriedEach = request.TriedEach };

    // What the user has comes before what came with the program, unless only the latter is of the
    // build that would make it now.
    private IReadOnlyDictionary<string, CompletedRun> Rows(SweepPlan plan)
    {
        var problems = new List<string>();
        var rows = Ledger.Read(request.Results, plan.Name, problems);
        problems.ForEach(terminal.Warn);
        return request.Given.Count == 0 ? rows : Builds.Choose(plan, rows, request.Given);
    }

    // Processes that work on the sweep read ledgers, and so does whoever asks for it later.
    private void LayDown(SweepPlan plan)
    {
        if (request.Given.Count == 0)
        {
            return;
        }

        var own = Ledger.Read(request.Results, plan.Name, []);
        var chosen = Builds.Choose(plan, own, request.Given);
        var keys = plan.Rounds.SelectMany(round => round.Levels).SelectMany(level => plan.Cells.Select(cell => SweepPlan.Run(cell, level).Key));
        if (keys.Distinct().Select(chosen.GetValueOrDefault).OfType<CompletedRun>().Where(row => own.GetValueOrDefault(row.Key) != row).ToList() is { Count: > 0 } rows)
        {
            Ledger.Merge(Ledger.FileOf(request.Results, plan.Name), rows);
        }
    }

    private void Tell(ClaimantMessage message, TaskLimit? time)
    {
        switch (message)
        {
            case { Kind: MessageKind.Began } when time is not null:
                time.HasBegun = true;
                terminal.Note($"{message.Run} {(message.GoesOn ? "goes on" : "begins")}");
                break;
            case { Kind: MessageKind.Ended, End: not RunEnd.Failed } when time is not null:
                terminal.Note($"{message.Run} {message.End!.Value.ToString().ToLowerInvariant()}");
                break;
            case { Kind: MessageKind.Warning, Text: { } text }:
                terminal.Warn(text);
                break;
            case { Kind: MessageKind.Ended, End: RunEnd.Failed }:
                TellFailure(message);
                break;
        }
    }

    // A rule that fails in all of its runs is not told of hundreds of times.
    private void TellFailure(ClaimantMessage message)
    {
        var number = Interlocked.Increment(ref failures);
        if (number <= MostFailuresTold)
        {
            terminal.Warn($"{message.Run} failed: {message.Text}");
        }
        else if (number == MostFailuresTold + 1)
        {
            terminal.Warn("More runs fail. They are counted at the end; 'orchestrator sweep status --json' has all of them.");
        }
    }

    private ProcessStartInfo Claimant(SweepFolder folder, TaskLimit? time) => OwnProgram.Command(
    [
        ClaimantVerb.Name, .. ClaimantOptions.Arguments(folder, request.Results, request.Lease, run, forwarded),
        .. time?.Until is { } until ? new[]
        {
            ClaimantVerb.UntilName, FormattableString.Invariant($"{until.ToUnixTimeSeconds()}"), ClaimantVerb.WholeName, FormattableString.Invariant($"{time.Whole.TotalSeconds}"),
        }
        : [],
    ]);
}
