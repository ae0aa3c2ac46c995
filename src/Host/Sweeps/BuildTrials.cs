using System.Globalization;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;
using Orchestrator.Runs;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary>
/// After a change of program or plugin one finished run, or one of each cell, is run again, and says
/// whether the others count.
/// </summary>
/// <param name="terminal">Where it is told.</param>
/// <param name="run">What each run is given.</param>
/// <param name="output">The folder of all runs.</param>
internal sealed class BuildTrials(Terminal terminal, RunOptions run, string output)
{
    // More builds than this are told of together.
    private const int MostTold = 3;

    /// <summary>Runs what has to be run again.</summary>
    /// <param name="check">What a sweep has of earlier builds.</param>
    /// <param name="time">The time that there is; null for as long as it takes.</param>
    /// <param name="stop">Ends it early.</param>
    /// <returns>The exit code where it could not be said; null where it was.</returns>
    public int? Run(BuildCheck check, TaskLimit? time, CancellationToken stop)
    {
        var open = check.Open();
        if (time is not null && open.Count > 0)
        {
            time.HasBegun = true;
        }

        var told = open.Count <= MostTold;
        if (!told)
        {
            terminal.Note($"Program or plugins have changed since these runs were made; {open.Count} of them, {SweepViews.OneOfEach(check)}, are run again to see whether that matters.");
        }

        var (sets, same) = (open.GroupBy(pair => (pair.Before.Build, check.Now(pair.Run))).ToList(), 0);
        foreach (var set in sets)
        {
            if (Try([.. set], check, told, stop) is { } ended)
            {
                return ended;
            }

            same += check.Counts(set.First().Run, set.First().Before) == true ? 1 : 0;
        }

        if (!told)
        {
            terminal.Note(same == sets.Count ? "Every digest is the same: all results count." : $"{same} of {sets.Count} sets of plugins gave the same digests, and what was made with those counts; all else is run again.");
        }

        if (check.Retire() is > 0 and var stale)
        {
            terminal.Note(string.Create(CultureInfo.InvariantCulture, $"{stale} results of another build count no longer."));
        }

        return null;
    }

    // Runs of one build before, for one build now: the first that differs decides, or all together.
    // What came to its end before an interruption is not run a second time.
    private int? Try(IReadOnlyList<(PlannedRun Run, CompletedRun Before)> set, BuildCheck check, bool isTold, CancellationToken stop)
    {
        foreach (var (planned, before) in set)
        {
            // Another task may have tried it by now.
            if (check.Counts(planned, before) is not null)
            {
                return null;
            }

            if (check.Tried(planned) is not { } digest)
            {
                if (isTold)
                {
                    terminal.Note($"Program or plugins have changed since {planned} was run; it is run again to see whether that matters.");
                }

                var again = Again(planned, check, stop);
                if (again.Status == RunStatus.Interrupted)
                {
                    terminal.Note("Interrupted before it was known whether what is done counts; the same command goes on.");
                    return ExitCodes.Cancelled;
                }

                if (again.Digest is null)
                {
                    terminal.Fail($"{planned} could not be run again: {again.Message ?? "it failed"}\nSo nobody can say yet whether what the build before made counts. It stays as it is, and the same command tries again.");
                    return ExitCodes.Failed;
                }

                digest = again.Digest;
            }

            var isSame = digest == before.Digest;
            if (!isSame || planned == set[^1].Run)
            {
                check.Decide(planned, before, digest);
            }

            if (isTold)
            {
                terminal.Note(!isSame ? "Its digest is another: nothing that that build made counts, and all of it is run again."
                    : planned == set[^1].Run ? "Its digest is the same: what that build made counts." : "Its digest is the same.");
            }
        }

        return null;
    }

    // A task may be over before such a run is; the next one goes on with it.
    private RunSummary Again(PlannedRun planned, BuildCheck check, CancellationToken stop)
    {
        var session = new RunSession(planned.Pipeline, run with
        {
            Cores = Environment.ProcessorCount,
            Telemetry = RunTelemetry.OfPipelines,
            Labels = run.Labels.Append(check.Label(planned)).ToDictionary(),
        });
        string? refusal = null;
        foreach (var begun in check.Begun(planned))
        {
            try
            {
                return session.Resume(begun, stop);
            }
            catch (Exception refused) when (refused is RunRefusedException { Edited.Count: 0 } or RecorderException)
            {
                refusal ??= refused.Message;
            }
        }

        if (refusal is not null)
        {
            terminal.Note(refusal);
        }

        return session.Start(output, stop);
    }
}
