using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Orchestrator.Runs;
using Orchestrator.Sweeps;

namespace Orchestrator.Host;

/// <summary><c>sweep verify</c>: runs rows of a sweep's ledger again.</summary>
internal sealed class VerifySweep(Terminal terminal, IHostApplicationLifetime lifetime, SweepOperand operand)
{
    private const string WholeSample = "100%";
    private const int MostJobs = 1024;

    public Command Build()
    {
        var (sweep, json) = (SweepOperand.Argument(), CommonOptions.Json());
        var sample = new Option<string>("--sample")
        {
            Description = "How many of the rows are run again, as a percentage; at least one is.",
            HelpName = "percent",
            DefaultValueFactory = _ => WholeSample,
        };
        var seed = new Option<long>("--seed") { Description = "Which rows a sample has.", HelpName = "n", DefaultValueFactory = _ => 1 }.Within("a seed", 0, long.MaxValue);
        var jobs = new Option<int>("--jobs", "-j") { Description = "Runs at a time, each with one compute thread.", HelpName = "n", DefaultValueFactory = _ => Environment.ProcessorCount }
            .Within("a number of jobs", 1, MostJobs);
        var command = new Command("verify", "Runs runs of a sweep again and compares their digests with those in its ledger, or in its folder. What is the same leaves nothing behind;\n"
            + "a run that differs stays under OUTPUT/.sweeps. Runs on the wall clock have no digest to compare: 'orchestrator verify RUN' replays one.\n\n"
            + "Examples:\n"
            + "  orchestrator sweep verify my.json --sample 5%\n"
            + "  orchestrator sweep verify 3f2a --json\n\n"
            + "Exit codes: 0 everything is the same; 1 something differs, or cannot be run; 2 what differs was made by another build, or nothing can be compared; 130 it was interrupted.")
        {
            sweep, sample, seed, jobs,
        };
        operand.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var share = Share(parsed.GetValue(sample)!);
            var found = operand.Find(parsed, parsed.GetValue(sweep), toRun: true);
            var verification = new SweepVerification(found.Plan, found.Folder.Claims, found.Rows, found.Results, new RunOptions(operand.Data(parsed))
            {
                SharedData = new LoadedData(),
                HostStarter = new HostProcesses(OwnProgram.Command),
            });
            var chosen = verification.Sample(share, parsed.GetValue(seed));
            terminal.Note(string.Create(CultureInfo.InvariantCulture, $"{chosen.Count} of {verification.Rows.Count} runs are run again."));
            var rows = Run(verification, chosen, parsed.GetValue(jobs));
            if (parsed.GetValue(json))
            {
                Terminal.Line(Json(found, verification, rows));
            }
            else
            {
                Write(found, verification, chosen.Count, rows);
            }

            return rows.Count < chosen.Count ? ExitCodes.Cancelled : ExitCode(rows);
        });
        return command;
    }

    private List<VerifiedRow> Run(SweepVerification verification, IReadOnlyList<(PlannedRun Run, CompletedRun Before)> chosen, int jobs)
    {
        var verified = new VerifiedRow?[chosen.Count];
        var stop = lifetime.ApplicationStopping;
        Parallel.For(0, chosen.Count, new ParallelOptions { MaxDegreeOfParallelism = jobs }, i =>
        {
            if (!stop.IsCancellationRequested)
            {
                verified[i] = verification.Again(chosen[i].Run, chosen[i].Before, stop);
            }
        });
        return [.. verified.OfType<VerifiedRow>()];
    }

    private void Write(KnownSweep sweep, SweepVerification verification, int chosen, List<VerifiedRow> rows)
    {
        var same = rows.Count(row => row.Verdict == RowVerdict.Same);
        var (colour, word) = rows.Count < chosen ? ("yellow", "interrupted") : ExitCode(rows) switch
        {
            ExitCodes.Ok => ("green", "the same"),
            ExitCodes.Inconclusive => ("yellow", "inconclusive"),
            _ => ("red", "different"),
        };
        Facts.Title(terminal.Out, $"verification of {sweep.Plan.Name}", $"sweep {SweepDocument.IdOf(sweep.Plan)}", colour, word);
        Facts.Fact(terminal.Out, "runs", string.Create(CultureInfo.InvariantCulture, $"{rows.Count} of {verification.Rows.Count} run again, {same} with the same digest"));
        foreach (var row in rows.Where(row => row.Verdict != RowVerdict.Same))
        {
            Facts.Fact(terminal.Out, row.Verdict.ToString().ToLowerInvariant(), row.Digest is null
                ? $"{row.Run}: {row.Detail}"
                : $"{row.Run}: the row has {row.Before.Digest}, now it is {row.Digest}{(row.Verdict == RowVerdict.Inconclusive ? $"; the row is of build {row.Before.Build}, which is another" : "")} ({row.Detail})");
        }

        if (verification.Incomparable > 0)
        {
            Facts.Fact(terminal.Out, "left out", string.Create(CultureInfo.InvariantCulture, $"{verification.Incomparable} runs that end otherwise each time: on the wall clock, or without a digest"));
        }
    }

    private static int ExitCode(List<VerifiedRow> rows) =>
        rows.Any(row => row.Verdict is RowVerdict.Different or RowVerdict.Failed) ? ExitCodes.Failed
        : rows.Count == 0 || rows.Any(row => row.Verdict == RowVerdict.Inconclusive) ? ExitCodes.Inconclusive
        : ExitCodes.Ok;

    private static string Json(KnownSweep sweep, SweepVerification verification, List<VerifiedRow> rows) => new JsonObject
    {
        ["sweep"] = SweepDocument.IdOf(sweep.Plan),
        ["name"] = sweep.Plan.Name,
        ["rows"] = verification.Rows.Count,
        ["incomparable"] = verification.Incomparable,
        ["verified"] = new JsonArray([.. rows.Select(row => (JsonNode)new JsonObject
        {
            ["run"] = row.Run.ToString(),
            ["key"] = row.Run.Key,
            ["verdict"] = row.Verdict.ToString().ToLowerInvariant(),
            ["recorded"] = row.Before.Digest,
            ["digest"] = row.Digest,
            ["detail"] = row.Detail,
        })]),
    }.ToJsonString();

    private static double Share(string text) =>
        double.TryParse(text.EndsWith('%') ? text[..^1] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) && percent > 0 && percent <= 100
            ? percent / 100
            : throw new UserException($"--sample: '{text}' is not allowed; a percentage above 0 to 100 is, such as 5%.");
}
